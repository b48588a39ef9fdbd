<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>App</name>
    <message>
        <source>Describe by hand</source>
        <translation>Von Hand beschreiben</translation>
    </message>
    <message>
        <source>Open draft</source>
        <translation>Entwurf öffnen</translation>
    </message>
    <message>
        <source>Start again</source>
        <translation>Neu beginnen</translation>
    </message>
    <message>
        <source>Your settings could not be read. They are back to the usual ones.</source>
        <translation>Ihre Einstellungen waren nicht lesbar. Es gelten wieder die üblichen.</translation>
    </message>
</context>
<context>
    <name>AppliesPage</name>
    <message>
        <source>{count} more laws and plans</source>
        <translation>{count} weitere Gesetze und Pläne</translation>
    </message>
    <message>
        <source>They ask nothing of this release.</source>
        <translation>Sie verlangen nichts von dieser Veröffentlichung.</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Zeigen</translation>
    </message>
    <message>
        <source>starts</source>
        <translation>beginnt</translation>
    </message>
    <message>
        <source>ends</source>
        <translation>endet</translation>
    </message>
    <message>
        <source>falls due</source>
        <translation>wird fällig</translation>
    </message>
    <message>
        <source>matters for this release</source>
        <translation>betrifft diese Veröffentlichung</translation>
    </message>
    <message>
        <source>not signed yet, as far as we know</source>
        <translation>unseres Wissens noch nicht unterzeichnet</translation>
    </message>
    <message>
        <source>What comes next</source>
        <translation>Was als Nächstes kommt</translation>
    </message>
    <message>
        <source>{day}: {what} ({kind}).</source>
        <translation>{day}: {what} ({kind}).</translation>
    </message>
    <message>
        <source>Calendar</source>
        <translation>Kalender</translation>
    </message>
    <message>
        <source>owed</source>
        <translation>geschuldet</translation>
    </message>
    <message>
        <source>applies</source>
        <translation>gilt</translation>
    </message>
    <message>
        <source>does not apply</source>
        <translation>gilt nicht</translation>
    </message>
    <message>
        <source>not yet</source>
        <translation>noch nicht</translation>
    </message>
    <message>
        <source>history</source>
        <translation>Geschichte</translation>
    </message>
    <message>
        <source>open</source>
        <translation>offen</translation>
    </message>
    <message>
        <source>You owe</source>
        <translation>Sie schulden</translation>
    </message>
    <message>
        <source>You need not</source>
        <translation>Sie müssen nicht</translation>
    </message>
    <message>
        <source>What to do</source>
        <translation>Was zu tun ist</translation>
    </message>
    <message>
        <source>Another reading</source>
        <translation>Eine andere Lesart</translation>
    </message>
    <message>
        <source>What would change it</source>
        <translation>Was es ändern würde</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>Seit</translation>
    </message>
    <message>
        <source>Until</source>
        <translation>Bis</translation>
    </message>
    <message>
        <source>Due</source>
        <translation>Fällig</translation>
    </message>
    <message>
        <source>Read it</source>
        <translation>Nachlesen</translation>
    </message>
    <message>
        <source>The line: at least {value} FLOP</source>
        <translation>Die Grenze: mindestens {value} FLOP</translation>
    </message>
    <message>
        <source>The line: more than {value} FLOP</source>
        <translation>Die Grenze: mehr als {value} FLOP</translation>
    </message>
    <message>
        <source>The name starts with</source>
        <translation>Der Name beginnt mit</translation>
    </message>
    <message>
        <source>Notice</source>
        <translation>Hinweis</translation>
    </message>
    <message>
        <source>Licence of the base: {name}</source>
        <translation>Lizenz des Basismodells: {name}</translation>
    </message>
    <message>
        <source>Rulebook</source>
        <translation>Regelwerk</translation>
    </message>
    <message>
        <source>About this answer</source>
        <translation>Zu dieser Antwort</translation>
    </message>
    <message>
        <source>As of {today}. Rules checked on {checked}. Information, not legal advice.</source>
        <translation>Stand {today}. Regeln geprüft am {checked}. Auskunft, keine Rechtsberatung.</translation>
    </message>
    <message>
        <source>Sources</source>
        <translation>Quellen</translation>
    </message>
</context>
<context>
    <name>DateEditor</name>
    <message>
        <source>Write the date like 2026-12-31: year, month, day.</source>
        <translation>Schreiben Sie das Datum wie 2026-12-31: Jahr, Monat, Tag.</translation>
    </message>
</context>
<context>
    <name>DocumentsPage</name>
    <message>
        <source>Documents</source>
        <translation>Dokumente</translation>
    </message>
    <message>
        <source>On request:</source>
        <translation>Auf Wunsch:</translation>
    </message>
    <message>
        <source>{title} ({count} owed)</source>
        <translation>{title} ({count} geschuldet)</translation>
    </message>
    <message>
        <source>Nothing is missing.</source>
        <translation>Nichts fehlt.</translation>
    </message>
    <message>
        <source>One thing is open</source>
        <translation>Ein Punkt ist offen</translation>
    </message>
    <message>
        <source>{count} things are open</source>
        <translation>{count} Punkte sind offen</translation>
    </message>
    <message>
        <source>owed</source>
        <translation>geschuldet</translation>
    </message>
    <message>
        <source>for readers</source>
        <translation>für Leser</translation>
    </message>
    <message>
        <source>nice to have</source>
        <translation>wäre schön</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Antworten</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>DropZone</name>
    <message>
        <source>Drop your model&apos;s folder here</source>
        <translation>Ziehen Sie den Ordner Ihres Modells hierher</translation>
    </message>
    <message>
        <source>It stays on this computer. Nothing in it is run or changed.</source>
        <translation>Er bleibt auf diesem Rechner. Nichts darin wird ausgeführt oder geändert.</translation>
    </message>
    <message>
        <source>Several things were dropped. Drop one folder: the one that holds your model.</source>
        <translation>Es waren mehrere Dinge. Ziehen Sie nur einen Ordner her: den mit Ihrem Modell.</translation>
    </message>
    <message>
        <source>That is not a folder on this computer. Drop the folder your training tool wrote.</source>
        <translation>Das ist kein Ordner auf diesem Rechner. Ziehen Sie den Ordner her, den Ihr Trainingswerkzeug schrieb.</translation>
    </message>
</context>
<context>
    <name>ErrorSummary</name>
    <message>
        <source>One thing is left before you go on:</source>
        <translation>Eines bleibt noch, bevor es weitergeht:</translation>
    </message>
    <message>
        <source>{count} things are left before you go on:</source>
        <translation>{count} Dinge bleiben noch, bevor es weitergeht:</translation>
    </message>
</context>
<context>
    <name>ExportChoice</name>
    <message>
        <source>Which documents</source>
        <translation>Welche Dokumente</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>Ändern</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>{documents}. As {formats}.</source>
        <translation>{documents}. Als {formats}.</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keine</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>nichts</translation>
    </message>
    <message>
        <source>Markdown</source>
        <translation>Markdown</translation>
    </message>
    <message>
        <source>Word</source>
        <translation>Word</translation>
    </message>
    <message>
        <source>PDF</source>
        <translation>PDF</translation>
    </message>
    <message>
        <source>README.md, pictures and NOTICE always stay what they are.</source>
        <translation>README.md, Bilder und NOTICE bleiben immer, was sie sind.</translation>
    </message>
</context>
<context>
    <name>ExportEnd</name>
    <message>
        <source>To put the folder on the Hugging Face Hub:</source>
        <translation>So kommt der Ordner auf den Hugging Face Hub:</translation>
    </message>
    <message>
        <source>Command that uploads the folder</source>
        <translation>Befehl, der den Ordner hochlädt</translation>
    </message>
    <message>
        <source>Cop&amp;y</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message>
        <source>Copies the command</source>
        <translation>Kopiert den Befehl</translation>
    </message>
    <message>
        <source>Save as a &amp;zip file…</source>
        <translation>Als Z&amp;ip-Datei speichern…</translation>
    </message>
    <message>
        <source>&amp;Name the model</source>
        <translation>Modell be&amp;nennen</translation>
    </message>
    <message>
        <source>No folder yet</source>
        <translation>Noch kein Ordner</translation>
    </message>
    <message>
        <source>Choose where the documents go. You see each file before anything is written.</source>
        <translation>Wählen Sie, wohin die Dokumente kommen. Sie sehen jede Datei, bevor etwas geschrieben wird.</translation>
    </message>
    <message>
        <source>Everything is written</source>
        <translation>Alles ist geschrieben</translation>
    </message>
    <message>
        <source>The documents are in {folder}.</source>
        <translation>Die Dokumente sind in {folder}.</translation>
    </message>
    <message>
        <source>For an upload command, name the model as on the Hub: owner/name.</source>
        <translation>Für einen Befehl zum Hochladen nennen Sie das Modell wie auf dem Hub: owner/name.</translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation>Kopiert.</translation>
    </message>
</context>
<context>
    <name>ExportPage</name>
    <message>
        <source>Folder for the documents</source>
        <translation>Ordner für die Dokumente</translation>
    </message>
    <message>
        <source>It must exist. Files that differ are shown before they are replaced.</source>
        <translation>Er muss vorhanden sein. Abweichende Dateien werden gezeigt, bevor sie ersetzt werden.</translation>
    </message>
    <message>
        <source>Choose a fo&amp;lder…</source>
        <translation>&amp;Ordner wählen…</translation>
    </message>
    <message>
        <source>&amp;Open the folder</source>
        <translation>Ordner ö&amp;ffnen</translation>
    </message>
    <message>
        <source>Choose a folder for the documents.</source>
        <translation>Wählen Sie einen Ordner für die Dokumente.</translation>
    </message>
    <message>
        <source>Stops. Nothing half-done is left behind.</source>
        <translation>Hält an. Nichts Halbfertiges bleibt zurück.</translation>
    </message>
    <message>
        <source>Choose at least one document and one kind of file.</source>
        <translation>Wählen Sie mindestens ein Dokument und eine Dateiart.</translation>
    </message>
    <message>
        <source>&amp;Write the documents</source>
        <translation>Dokumente &amp;schreiben</translation>
    </message>
    <message>
        <source>&amp;Write, replacing {name}</source>
        <translation>&amp;Schreiben, {name} ersetzen</translation>
    </message>
    <message>
        <source>&amp;Write, replacing {count} files</source>
        <translation>&amp;Schreiben, {count} Dateien ersetzen</translation>
    </message>
    <message>
        <source>&amp;Write {name}</source>
        <translation>{name} &amp;schreiben</translation>
    </message>
    <message>
        <source>&amp;Write {count} files</source>
        <translation>{count} Dateien &amp;schreiben</translation>
    </message>
    <message>
        <source>Which documents</source>
        <translation>Welche Dokumente</translation>
    </message>
    <message>
        <source>new</source>
        <translation>neu</translation>
    </message>
    <message>
        <source>up to date</source>
        <translation>aktuell</translation>
    </message>
    <message>
        <source>will change</source>
        <translation>wird geändert</translation>
    </message>
    <message>
        <source>Show the difference</source>
        <translation>Unterschied zeigen</translation>
    </message>
    <message>
        <source>Hide</source>
        <translation>Verbergen</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Export</translation>
    </message>
    <message>
        <source>Written: {names}.</source>
        <translation>Geschrieben: {names}.</translation>
    </message>
    <message>
        <source>Written: {names} and {count} more.</source>
        <translation>Geschrieben: {names} und {count} weitere.</translation>
    </message>
    <message>
        <source>They are in {folder}.</source>
        <translation>Sie liegen in {folder}.</translation>
    </message>
    <message>
        <source>Stopped. Nothing was written.</source>
        <translation>Angehalten. Es wurde nichts geschrieben.</translation>
    </message>
    <message>
        <source>Comparing with the folder…</source>
        <translation>Wird mit dem Ordner verglichen…</translation>
    </message>
    <message>
        <source>Writing…</source>
        <translation>Wird geschrieben…</translation>
    </message>
    <message>
        <source>Packing…</source>
        <translation>Wird gepackt…</translation>
    </message>
    <message>
        <source>{name}, {done} of {total}</source>
        <translation>{name}, {done} von {total}</translation>
    </message>
    <message>
        <source>Zip files ({pattern})</source>
        <translation>Zip-Dateien ({pattern})</translation>
    </message>
    <message>
        <source>Save as a zip file</source>
        <translation>Als Zip-Datei speichern</translation>
    </message>
    <message>
        <source>Saved {name}.</source>
        <translation>{name} gespeichert.</translation>
    </message>
</context>
<context>
    <name>FactWords</name>
    <message>
        <source>not recorded</source>
        <translation>nicht vermerkt</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>ja</translation>
    </message>
    <message>
        <source>no</source>
        <translation>nein</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>{count} entries</source>
        <translation>{count} Einträge</translation>
    </message>
</context>
<context>
    <name>Fold</name>
    <message>
        <source>Why</source>
        <translation>Warum</translation>
    </message>
    <message>
        <source>Less</source>
        <translation>Weniger</translation>
    </message>
</context>
<context>
    <name>FolderEditor</name>
    <message>
        <source>Choose…</source>
        <translation>Wählen…</translation>
    </message>
    <message>
        <source>Choose a folder</source>
        <translation>Ordner wählen</translation>
    </message>
</context>
<context>
    <name>FolderPage</name>
    <message>
        <source>Or give its path</source>
        <translation>Oder geben Sie seinen Pfad an</translation>
    </message>
    <message>
        <source>Path of the folder</source>
        <translation>Pfad des Ordners</translation>
    </message>
    <message>
        <source>Type or paste the path, then go on</source>
        <translation>Pfad eingeben oder einfügen, dann weiter</translation>
    </message>
    <message>
        <source>Choose a fo&amp;lder…</source>
        <translation>&amp;Ordner wählen…</translation>
    </message>
    <message>
        <source>No folder? &amp;Describe the model by hand</source>
        <translation>Kein Ordner? Modell &amp;von Hand beschreiben</translation>
    </message>
    <message>
        <source>Reading the folder</source>
        <translation>Der Ordner wird gelesen</translation>
    </message>
    <message>
        <source>Stops reading. What you had before stays.</source>
        <translation>Hält das Lesen an. Was vorher da war, bleibt.</translation>
    </message>
    <message>
        <source>Choose your model&apos;s folder</source>
        <translation>Ordner Ihres Modells wählen</translation>
    </message>
    <message>
        <source>Describe by hand</source>
        <translation>Von Hand beschreiben</translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation>Wird durchsucht…</translation>
    </message>
    <message>
        <source>{count} files seen</source>
        <translation>{count} Dateien gesehen</translation>
    </message>
    <message>
        <source>Stopped. Nothing was changed.</source>
        <translation>Angehalten. Nichts wurde geändert.</translation>
    </message>
    <message>
        <source>Reading was stopped.</source>
        <translation>Das Lesen wurde angehalten.</translation>
    </message>
    <message>
        <source>Nothing was changed.</source>
        <translation>Nichts wurde geändert.</translation>
    </message>
</context>
<context>
    <name>Foot</name>
    <message>
        <source>Your training</source>
        <translation>Ihr Training</translation>
    </message>
    <message>
        <source>What if…</source>
        <translation>Was wäre wenn…</translation>
    </message>
    <message>
        <source>Try more training, another line or another law</source>
        <translation>Mehr Training, eine andere Grenze oder ein anderes Gesetz probieren</translation>
    </message>
    <message>
        <source>Picture…</source>
        <translation>Bild…</translation>
    </message>
    <message>
        <source>Save the scale as a picture</source>
        <translation>Die Waage als Bild speichern</translation>
    </message>
    <message>
        <source>As SVG or PNG, to show in a README</source>
        <translation>Als SVG oder PNG, für eine README</translation>
    </message>
    <message>
        <source>Show the scale</source>
        <translation>Waage zeigen</translation>
    </message>
    <message>
        <source>Brings the scale back while you are on this page</source>
        <translation>Holt die Waage zurück, solange Sie auf dieser Seite sind</translation>
    </message>
    <message>
        <source>What if</source>
        <translation>Was wäre wenn</translation>
    </message>
</context>
<context>
    <name>Form</name>
    <message>
        <source>If you like: {count} more</source>
        <translation>Wenn Sie mögen: {count} weitere</translation>
    </message>
    <message>
        <source>Show fewer</source>
        <translation>Weniger zeigen</translation>
    </message>
</context>
<context>
    <name>FormPage</name>
    <message>
        <source>You did no training of your own, so nothing is asked here. Go on.</source>
        <translation>Sie haben nicht selbst trainiert, hier wird also nichts gefragt. Weiter.</translation>
    </message>
    <message>
        <source>Your files answered everything here. Go on.</source>
        <translation>Ihre Dateien haben hier alles beantwortet. Weiter.</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Antworten</translation>
    </message>
</context>
<context>
    <name>FormRow</name>
    <message>
        <source>I don&apos;t know</source>
        <translation>Weiß ich nicht</translation>
    </message>
    <message>
        <source>{origin} says {value}</source>
        <translation>{origin} sagt {value}</translation>
    </message>
</context>
<context>
    <name>FoundPage</name>
    <message>
        <source>{name}: {facts} facts from one file.</source>
        <translation>{name}: {facts} Angaben aus einer Datei.</translation>
    </message>
    <message>
        <source>{name}: {facts} facts from {files} files.</source>
        <translation>{name}: {facts} Angaben aus {files} Dateien.</translation>
    </message>
    <message>
        <source>Use the file</source>
        <translation>Datei verwenden</translation>
    </message>
    <message>
        <source>Takes your correction back</source>
        <translation>Nimmt Ihre Korrektur zurück</translation>
    </message>
    <message>
        <source>you said, and {origin}</source>
        <translation>Ihre Angabe, und {origin}</translation>
    </message>
    <message>
        <source>you said</source>
        <translation>Ihre Angabe</translation>
    </message>
    <message>
        <source>{origin} says {value}</source>
        <translation>{origin} sagt {value}</translation>
    </message>
    <message>
        <source>Correct</source>
        <translation>Berichtigen</translation>
    </message>
    <message>
        <source>Opens a field for the right value</source>
        <translation>Öffnet ein Feld für den richtigen Wert</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Done: {label}</source>
        <translation>Fertig: {label}</translation>
    </message>
    <message>
        <source>{label}: your files disagree</source>
        <translation>{label}: Ihre Dateien widersprechen sich</translation>
    </message>
    <message>
        <source>look here</source>
        <translation>hier hinsehen</translation>
    </message>
    <message>
        <source>Choose</source>
        <translation>Wählen</translation>
    </message>
    <message>
        <source>Use this</source>
        <translation>Dies verwenden</translation>
    </message>
    <message>
        <source>Takes this value instead</source>
        <translation>Nimmt stattdessen diesen Wert</translation>
    </message>
    <message>
        <source>used now</source>
        <translation>jetzt verwendet</translation>
    </message>
    <message>
        <source>other reading</source>
        <translation>andere Lesart</translation>
    </message>
    <message>
        <source>{file} could not be read</source>
        <translation>{file} war nicht lesbar</translation>
    </message>
    <message>
        <source>What to do</source>
        <translation>Was zu tun ist</translation>
    </message>
    <message>
        <source>{count} more from your files</source>
        <translation>{count} weitere aus Ihren Dateien</translation>
    </message>
    <message>
        <source>Used for the calculation and the model card.</source>
        <translation>Für die Berechnung und die Modellkarte verwendet.</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Zeigen</translation>
    </message>
    <message>
        <source>Notes from reading</source>
        <translation>Anmerkungen vom Lesen</translation>
    </message>
</context>
<context>
    <name>Help</name>
    <message>
        <source>Continue</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Enter, or Alt and the underlined letter</source>
        <translation>Eingabetaste, oder Alt und der unterstrichene Buchstabe</translation>
    </message>
    <message>
        <source>Move between the steps</source>
        <translation>Zwischen den Schritten wechseln</translation>
    </message>
    <message>
        <source>Up and Down in the list of steps</source>
        <translation>Auf und Ab in der Liste der Schritte</translation>
    </message>
    <message>
        <source>Walk over the scale</source>
        <translation>Über die Waage gehen</translation>
    </message>
    <message>
        <source>Left and Right on the scale</source>
        <translation>Links und Rechts auf der Waage</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>Words explained</source>
        <translation>Begriffe erklärt</translation>
    </message>
    <message>
        <source>On this page</source>
        <translation>Auf dieser Seite</translation>
    </message>
    <message>
        <source>All other words</source>
        <translation>Alle anderen Begriffe</translation>
    </message>
    <message>
        <source>Weighbridge {version}</source>
        <translation>Weighbridge {version}</translation>
    </message>
    <message>
        <source>Weighs the compute of a trained model, says which laws apply, and writes its papers. It works on this computer only. It informs; it is not legal advice.</source>
        <translation>Wiegt die Rechenleistung eines trainierten Modells, sagt, welche Gesetze gelten, und schreibt seine Papiere. Es arbeitet nur auf diesem Rechner. Es informiert und ersetzt keinen Rechtsrat.</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <source>Rules</source>
        <translation>Regeln</translation>
    </message>
</context>
<context>
    <name>HomePage</name>
    <message>
        <source>Choose a &amp;folder…</source>
        <translation>&amp;Ordner wählen…</translation>
    </message>
    <message>
        <source>&amp;Describe it by hand</source>
        <translation>&amp;Von Hand beschreiben</translation>
    </message>
    <message>
        <source>&amp;Try the example</source>
        <translation>Beispiel aus&amp;probieren</translation>
    </message>
    <message>
        <source>Continue where you left off</source>
        <translation>Dort weitermachen, wo Sie aufgehört haben</translation>
    </message>
    <message>
        <source>&amp;Continue</source>
        <translation>&amp;Weiter</translation>
    </message>
    <message>
        <source>One release needs another look.</source>
        <translation>Eine Veröffentlichung braucht einen neuen Blick.</translation>
    </message>
    <message>
        <source>{count} releases need another look.</source>
        <translation>{count} Veröffentlichungen brauchen einen neuen Blick.</translation>
    </message>
    <message>
        <source>The rules answer otherwise than when you saved it.</source>
        <translation>Die Regeln antworten anders als beim Speichern.</translation>
    </message>
    <message>
        <source>Your releases</source>
        <translation>Ihre Veröffentlichungen</translation>
    </message>
    <message>
        <source>Folders read lately</source>
        <translation>Zuletzt gelesene Ordner</translation>
    </message>
    <message>
        <source>{name} was taken off the list.</source>
        <translation>{name} wurde von der Liste genommen.</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Choose your model&apos;s folder</source>
        <translation>Ordner Ihres Modells wählen</translation>
    </message>
</context>
<context>
    <name>Inputs</name>
    <message>
        <source>Yes</source>
        <translation>Ja</translation>
    </message>
    <message>
        <source>No</source>
        <translation>Nein</translation>
    </message>
</context>
<context>
    <name>LineEditor</name>
    <message>
        <source>for example {example}</source>
        <translation>zum Beispiel {example}</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>F&amp;ile</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
</context>
<context>
    <name>Menus</name>
    <message>
        <source>&amp;Home</source>
        <translation>&amp;Startseite</translation>
    </message>
    <message>
        <source>&amp;Start again</source>
        <translation>&amp;Neu beginnen</translation>
    </message>
    <message>
        <source>Open &amp;folder…</source>
        <translation>&amp;Ordner öffnen…</translation>
    </message>
    <message>
        <source>Open &amp;project…</source>
        <translation>&amp;Projekt öffnen…</translation>
    </message>
    <message>
        <source>Sa&amp;ve project</source>
        <translation>Projekt spei&amp;chern</translation>
    </message>
    <message>
        <source>Save project &amp;as…</source>
        <translation>Projekt speichern &amp;unter…</translation>
    </message>
    <message>
        <source>Save s&amp;cale as a picture…</source>
        <translation>&amp;Waage als Bild speichern…</translation>
    </message>
    <message>
        <source>&amp;Rules in use…</source>
        <translation>Geltende &amp;Regeln…</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Wiederholen</translation>
    </message>
    <message>
        <source>&amp;Keyboard shortcuts</source>
        <translation>&amp;Tastenkürzel</translation>
    </message>
    <message>
        <source>&amp;Words explained</source>
        <translation>&amp;Begriffe erklärt</translation>
    </message>
    <message>
        <source>&amp;About Weighbridge</source>
        <translation>&amp;Über Weighbridge</translation>
    </message>
    <message>
        <source>&amp;As the system</source>
        <translation>&amp;Wie das System</translation>
    </message>
    <message>
        <source>&amp;Light</source>
        <translation>&amp;Hell</translation>
    </message>
    <message>
        <source>&amp;Dark</source>
        <translation>&amp;Dunkel</translation>
    </message>
    <message>
        <source>Langua&amp;ge</source>
        <translation>S&amp;prache</translation>
    </message>
    <message>
        <source>&amp;Keep still</source>
        <translation>&amp;Still halten</translation>
    </message>
    <message>
        <source>The scale moves without gliding</source>
        <translation>Die Waage bewegt sich, ohne zu gleiten</translation>
    </message>
    <message>
        <source>The language changes when you start Weighbridge again.</source>
        <translation>Die Sprache wechselt beim nächsten Start von Weighbridge.</translation>
    </message>
    <message>
        <source>Choose your model&apos;s folder</source>
        <translation>Ordner Ihres Modells wählen</translation>
    </message>
    <message>
        <source>Open project</source>
        <translation>Projekt öffnen</translation>
    </message>
    <message>
        <source>Weighbridge projects ({pattern})</source>
        <translation>Weighbridge-Projekte ({pattern})</translation>
    </message>
    <message>
        <source>{name} was changed since you opened it, perhaps by another window.</source>
        <translation>{name} wurde geändert, seit Sie es geöffnet haben, vielleicht von einem anderen Fenster.</translation>
    </message>
    <message>
        <source>Nothing was saved. Save under another name, or save again to replace it.</source>
        <translation>Nichts wurde gespeichert. Speichern Sie unter anderem Namen, oder speichern Sie noch einmal, um es zu ersetzen.</translation>
    </message>
    <message>
        <source>model</source>
        <translation>modell</translation>
    </message>
    <message>
        <source>Save project</source>
        <translation>Projekt speichern</translation>
    </message>
    <message>
        <source>There is nothing on the scale yet.</source>
        <translation>Auf der Waage liegt noch nichts.</translation>
    </message>
    <message>
        <source>Choose a folder first.</source>
        <translation>Zuerst einen Ordner wählen.</translation>
    </message>
    <message>
        <source>SVG picture ({pattern})</source>
        <translation>SVG-Bild ({pattern})</translation>
    </message>
    <message>
        <source>PNG picture ({pattern})</source>
        <translation>PNG-Bild ({pattern})</translation>
    </message>
    <message>
        <source>Save the scale</source>
        <translation>Waage speichern</translation>
    </message>
    <message>
        <source>Saved {name}.</source>
        <translation>{name} gespeichert.</translation>
    </message>
</context>
<context>
    <name>NothingYet</name>
    <message>
        <source>Nothing to show yet</source>
        <translation>Noch nichts zu zeigen</translation>
    </message>
    <message>
        <source>This page fills itself once we know which model it is about.</source>
        <translation>Diese Seite füllt sich, sobald wir wissen, um welches Modell es geht.</translation>
    </message>
    <message>
        <source>Go to &amp;Folder</source>
        <translation>Zum &amp;Ordner</translation>
    </message>
    <message>
        <source>&amp;Describe it by hand</source>
        <translation>&amp;Von Hand beschreiben</translation>
    </message>
</context>
<context>
    <name>NoticeBoard</name>
    <message>
        <source>Dismiss</source>
        <translation>Ausblenden</translation>
    </message>
    <message>
        <source>Takes this notice away</source>
        <translation>Blendet diesen Hinweis aus</translation>
    </message>
</context>
<context>
    <name>NumberBeforeNoun</name>
    <message>
        <source>{count} thousand</source>
        <translation>{count} Tausend</translation>
    </message>
    <message>
        <source>{count} million</source>
        <translation>{count} Millionen</translation>
    </message>
    <message>
        <source>{count} billion</source>
        <translation>{count} Milliarden</translation>
    </message>
    <message>
        <source>{count} trillion</source>
        <translation>{count} Billionen</translation>
    </message>
</context>
<context>
    <name>NumberWords</name>
    <message>
        <source>far below the line</source>
        <translation>weit unter der Grenze</translation>
    </message>
    <message>
        <source>exactly on the line</source>
        <translation>genau auf der Grenze</translation>
    </message>
    <message>
        <source>about {times} times below the line</source>
        <translation>rund {times} Mal unter der Grenze</translation>
    </message>
    <message>
        <source>just below the line</source>
        <translation>knapp unter der Grenze</translation>
    </message>
    <message>
        <source>about {times} times over the line</source>
        <translation>rund {times} Mal über der Grenze</translation>
    </message>
    <message>
        <source>just over the line</source>
        <translation>knapp über der Grenze</translation>
    </message>
    <message>
        <source>far below the nearest line</source>
        <translation>weit unter der nächsten Grenze</translation>
    </message>
    <message>
        <source>about {times} times below the nearest line</source>
        <translation>rund {times} Mal unter der nächsten Grenze</translation>
    </message>
    <message>
        <source>just below the nearest line</source>
        <translation>knapp unter der nächsten Grenze</translation>
    </message>
    <message>
        <source>exactly on the nearest line</source>
        <translation>genau auf der nächsten Grenze</translation>
    </message>
    <message>
        <source>about {times} times over the nearest line</source>
        <translation>rund {times} Mal über der nächsten Grenze</translation>
    </message>
    <message>
        <source>just over the nearest line</source>
        <translation>knapp über der nächsten Grenze</translation>
    </message>
    <message>
        <source>as it was</source>
        <translation>wie es war</translation>
    </message>
    <message>
        <source>{times} times as much</source>
        <translation>{times} Mal so viel</translation>
    </message>
    <message>
        <source>{times} times less</source>
        <translation>{times} Mal weniger</translation>
    </message>
    <message>
        <source>as it stands: {value} FLOP</source>
        <translation>wie sie steht: {value} FLOP</translation>
    </message>
    <message>
        <source>{times} times higher: {value} FLOP</source>
        <translation>{times} Mal höher: {value} FLOP</translation>
    </message>
    <message>
        <source>{times} times lower: {value} FLOP</source>
        <translation>{times} Mal tiefer: {value} FLOP</translation>
    </message>
    <message>
        <source>{count} thousand</source>
        <translation>{count} Tausend</translation>
    </message>
    <message>
        <source>{count} million</source>
        <translation>{count} Millionen</translation>
    </message>
    <message>
        <source>{count} billion</source>
        <translation>{count} Milliarden</translation>
    </message>
    <message>
        <source>{count} trillion</source>
        <translation>{count} Billionen</translation>
    </message>
</context>
<context>
    <name>Page</name>
    <message>
        <source>Answer</source>
        <translation>Antwort</translation>
    </message>
</context>
<context>
    <name>PickEditor</name>
    <message>
        <source>Type a part of the name, or open the list</source>
        <translation>Teil des Namens eingeben oder Liste öffnen</translation>
    </message>
    <message>
        <source>“{written}” is not in the list. Pick the nearest one, or choose “I don&apos;t know”.</source>
        <translation>„{written}“ steht nicht in der Liste. Wählen Sie das Nächstliegende oder „Weiß ich nicht“.</translation>
    </message>
</context>
<context>
    <name>Pictures</name>
    <message>
        <source>The picture could not be made.</source>
        <translation>Das Bild konnte nicht gemacht werden.</translation>
    </message>
    <message>
        <source>Save it as SVG.</source>
        <translation>Als SVG speichern.</translation>
    </message>
</context>
<context>
    <name>Preview</name>
    <message>
        <source>Preview of the document</source>
        <translation>Vorschau des Dokuments</translation>
    </message>
</context>
<context>
    <name>ReviewPage</name>
    <message>
        <source>Nothing is known yet. Choose a folder, or describe the model by hand.</source>
        <translation>Noch ist nichts bekannt. Wählen Sie einen Ordner, oder beschreiben Sie das Modell von Hand.</translation>
    </message>
    <message>
        <source>{count} found</source>
        <translation>{count} gefunden</translation>
    </message>
    <message>
        <source>{count} said by you</source>
        <translation>{count} von Ihnen</translation>
    </message>
    <message>
        <source>{count} assumed</source>
        <translation>{count} angenommen</translation>
    </message>
    <message>
        <source>{count} you don&apos;t know</source>
        <translation>{count} wissen Sie nicht</translation>
    </message>
    <message>
        <source>{count} not provided</source>
        <translation>{count} ohne Angabe</translation>
    </message>
    <message>
        <source>Not provided</source>
        <translation>Keine Angabe</translation>
    </message>
    <message>
        <source>You don&apos;t know</source>
        <translation>Sie wissen es nicht</translation>
    </message>
    <message>
        <source>Take back</source>
        <translation>Zurücknehmen</translation>
    </message>
    <message>
        <source>Takes this answer out. Undo brings it back.</source>
        <translation>Nimmt diese Antwort heraus. Rückgängig holt sie zurück.</translation>
    </message>
    <message>
        <source>See why</source>
        <translation>Warum?</translation>
    </message>
    <message>
        <source>Shows what it was needed for. Continue comes back here.</source>
        <translation>Zeigt, wofür es nötig war. Weiter führt hierher zurück.</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>Ändern</translation>
    </message>
    <message>
        <source>Opens the page that asks for this. Continue comes back here.</source>
        <translation>Öffnet die Seite, die danach fragt. Weiter führt hierher zurück.</translation>
    </message>
</context>
<context>
    <name>Rulebook</name>
    <message>
        <source>checked up to {day}, {hash}</source>
        <translation>geprüft bis {day}, {hash}</translation>
    </message>
</context>
<context>
    <name>RulebookDialog</name>
    <message>
        <source>Rules in use</source>
        <translation>Geltende Regeln</translation>
    </message>
    <message>
        <source>What the newer rules change</source>
        <translation>Was die neueren Regeln ändern</translation>
    </message>
    <message>
        <source>&amp;Load newer rules…</source>
        <translation>Neuere Regeln &amp;laden…</translation>
    </message>
    <message>
        <source>&amp;Go back to the app’s own</source>
        <translation>&amp;Zurück zu den eigenen der App</translation>
    </message>
    <message>
        <source>&amp;Trust a key…</source>
        <translation>Schlüssel v&amp;ertrauen…</translation>
    </message>
    <message>
        <source>For rulebooks of somebody you know. The app’s own key needs nothing.</source>
        <translation>Für Regelwerke von jemandem, den Sie kennen. Der eigene Schlüssel der App braucht nichts.</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>&amp;Schließen</translation>
    </message>
    <message>
        <source>Edition {number} of {made}, loaded from a file. The rules were checked up to {checked}.</source>
        <translation>Ausgabe {number} vom {made}, aus einer Datei geladen. Die Regeln wurden bis {checked} geprüft.</translation>
    </message>
    <message>
        <source>Edition {number} of {made}, as it came with the app. The rules were checked up to {checked}.</source>
        <translation>Ausgabe {number} vom {made}, wie mit der App geliefert. Die Regeln wurden bis {checked} geprüft.</translation>
    </message>
    <message>
        <source>Your documents name these rules by their mark, {mark}.</source>
        <translation>Ihre Dokumente nennen diese Regeln mit ihrem Kennzeichen, {mark}.</translation>
    </message>
    <message>
        <source>&amp;Use edition {number}</source>
        <translation>Ausgabe {number} &amp;verwenden</translation>
    </message>
    <message>
        <source>&amp;Keep edition {number}</source>
        <translation>Ausgabe {number} &amp;behalten</translation>
    </message>
    <message>
        <source>What changes</source>
        <translation>Was sich ändert</translation>
    </message>
    <message>
        <source>Nothing that a rule says.</source>
        <translation>Nichts, was eine Regel sagt.</translation>
    </message>
    <message>
        <source>Your saved releases</source>
        <translation>Ihre gespeicherten Veröffentlichungen</translation>
    </message>
    <message>
        <source>You have none that could change.</source>
        <translation>Sie haben keine, die sich ändern könnte.</translation>
    </message>
    <message>
        <source>Nothing changes.</source>
        <translation>Nichts ändert sich.</translation>
    </message>
    <message>
        <source>{law}: “{before}” becomes “{after}”</source>
        <translation>{law}: Aus „{before}“ wird „{after}“</translation>
    </message>
    <message>
        <source>Rulebooks ({pattern})</source>
        <translation>Regelwerke ({pattern})</translation>
    </message>
    <message>
        <source>Load newer rules</source>
        <translation>Neuere Regeln laden</translation>
    </message>
    <message>
        <source>Edition {number} is in use.</source>
        <translation>Ausgabe {number} gilt jetzt.</translation>
    </message>
    <message>
        <source>The app’s own rules are in use again.</source>
        <translation>Die eigenen Regeln der App gelten wieder.</translation>
    </message>
    <message>
        <source>Keys ({pattern})</source>
        <translation>Schlüssel ({pattern})</translation>
    </message>
    <message>
        <source>Trust a key</source>
        <translation>Einem Schlüssel vertrauen</translation>
    </message>
    <message>
        <source>From now on rulebooks signed by {holder} count.</source>
        <translation>Von nun an gelten Regelwerke, die {holder} unterschrieben hat.</translation>
    </message>
    <message>
        <source>Compare the mark with the holder: {mark}.</source>
        <translation>Vergleichen Sie das Kennzeichen mit dem Inhaber: {mark}.</translation>
    </message>
</context>
<context>
    <name>Scale</name>
    <message>
        <source>Scale of training compute</source>
        <translation>Waage der Trainingsrechenleistung</translation>
    </message>
    <message>
        <source>{account}: about {central} FLOP, from {low} to {high}</source>
        <translation>{account}: etwa {central} FLOP, von {low} bis {high}</translation>
    </message>
    <message>
        <source>To compare: {name}, {value} FLOP</source>
        <translation>Zum Vergleich: {name}, {value} FLOP</translation>
    </message>
    <message>
        <source>Line at {value} FLOP: {label}</source>
        <translation>Grenze bei {value} FLOP: {label}</translation>
    </message>
    <message>
        <source>Your training</source>
        <translation>Ihr Training</translation>
    </message>
    <message>
        <source>Base model</source>
        <translation>Basismodell</translation>
    </message>
    <message>
        <source>Both together</source>
        <translation>Beide zusammen</translation>
    </message>
    <message>
        <source>{line} and {count} more</source>
        <translation>{line} und {count} weitere</translation>
    </message>
    <message>
        <source>announced</source>
        <translation>angekündigt</translation>
    </message>
    <message>
        <source>ended</source>
        <translation>beendet</translation>
    </message>
</context>
<context>
    <name>ScaleWords</name>
    <message>
        <source>Not weighed yet</source>
        <translation>Noch nicht gewogen</translation>
    </message>
    <message>
        <source>So far only the base model lies on the scale.</source>
        <translation>Bisher liegt nur das Basismodell auf der Waage.</translation>
    </message>
    <message>
        <source>Nothing on the scale yet</source>
        <translation>Noch nichts auf der Waage</translation>
    </message>
    <message>
        <source>It fills as you go on.</source>
        <translation>Sie füllt sich, wenn Sie weitergehen.</translation>
    </message>
    <message>
        <source>{value} FLOP</source>
        <translation>{value} FLOP</translation>
    </message>
    <message>
        <source>from {low} to {high}</source>
        <translation>von {low} bis {high}</translation>
    </message>
    <message>
        <source>Your training: about {figure}, {between}.</source>
        <translation>Ihr Training: etwa {figure}, {between}.</translation>
    </message>
    <message>
        <source>You did no training of your own.</source>
        <translation>Sie haben nichts selbst trainiert.</translation>
    </message>
    <message>
        <source>{label}: {distance}.</source>
        <translation>{label}: {distance}.</translation>
    </message>
    <message>
        <source>{distance}: {label}</source>
        <translation>{distance}: {label}</translation>
    </message>
</context>
<context>
    <name>Scanner</name>
    <message>
        <source>Open project</source>
        <translation>Projekt öffnen</translation>
    </message>
    <message>
        <source>Read folder</source>
        <translation>Ordner lesen</translation>
    </message>
</context>
<context>
    <name>Sheet</name>
    <message>
        <source>&amp;Back</source>
        <translation>&amp;Zurück</translation>
    </message>
    <message>
        <source>&amp;Continue</source>
        <translation>&amp;Weiter</translation>
    </message>
</context>
<context>
    <name>Shelf</name>
    <message>
        <source>A model described by hand</source>
        <translation>Ein von Hand beschriebenes Modell</translation>
    </message>
</context>
<context>
    <name>ShelfRow</name>
    <message>
        <source>Needs another look: the rules answer otherwise now.</source>
        <translation>Braucht einen neuen Blick: Die Regeln antworten jetzt anders.</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Throws this draft away. You can undo it.</source>
        <translation>Wirft diesen Entwurf weg. Sie können es rückgängig machen.</translation>
    </message>
    <message>
        <source>Takes it off this list. Nothing on the disk changes. You can undo it.</source>
        <translation>Nimmt es von dieser Liste. Auf der Platte ändert sich nichts. Sie können es rückgängig machen.</translation>
    </message>
    <message>
        <source>Draft of {date}, not saved</source>
        <translation>Entwurf vom {date}, nicht gespeichert</translation>
    </message>
    <message>
        <source>{date} · {path}</source>
        <translation>{date} · {path}</translation>
    </message>
</context>
<context>
    <name>SideBySide</name>
    <message>
        <source>Now</source>
        <translation>Jetzt</translation>
    </message>
    <message>
        <source>{name} as it is now</source>
        <translation>{name}, wie es jetzt ist</translation>
    </message>
    <message>
        <source>New</source>
        <translation>Neu</translation>
    </message>
    <message>
        <source>{name} as it will be</source>
        <translation>{name}, wie es sein wird</translation>
    </message>
</context>
<context>
    <name>Sources</name>
    <message>
        <source>Where each value comes from</source>
        <translation>Woher jeder Wert kommt</translation>
    </message>
    <message>
        <source>Enter opens the page where this can be changed</source>
        <translation>Die Eingabetaste öffnet die Seite, auf der man das ändern kann</translation>
    </message>
    <message>
        <source>Point at an underlined value, or walk through this list. Enter opens its page.</source>
        <translation>Auf einen unterstrichenen Wert zeigen oder durch diese Liste gehen. Die Eingabetaste öffnet seine Seite.</translation>
    </message>
    <message>
        <source>Nothing in this document comes from your files or answers.</source>
        <translation>Nichts in diesem Dokument stammt aus Ihren Dateien oder Antworten.</translation>
    </message>
</context>
<context>
    <name>Start</name>
    <message>
        <source>Weighbridge stopped all of a sudden last time.</source>
        <translation>Weighbridge brach beim letzten Mal plötzlich ab.</translation>
    </message>
    <message>
        <source>Your work was kept.</source>
        <translation>Ihre Arbeit ist noch da.</translation>
    </message>
    <message>
        <source>Something broke in Weighbridge. Your work was saved.</source>
        <translation>In Weighbridge ging etwas kaputt. Ihre Arbeit wurde gespeichert.</translation>
    </message>
    <message>
        <source>Start it again to go on. The report below is in {folder}; nothing was sent.</source>
        <translation>Starten Sie es neu, um weiterzumachen. Der Bericht unten liegt in {folder}; nichts wurde gesendet.</translation>
    </message>
</context>
<context>
    <name>StepButton</name>
    <message>
        <source>this page</source>
        <translation>diese Seite</translation>
    </message>
</context>
<context>
    <name>StepList</name>
    <message>
        <source>Steps</source>
        <translation>Schritte</translation>
    </message>
    <message>
        <source>done</source>
        <translation>fertig</translation>
    </message>
    <message>
        <source>needs you</source>
        <translation>wartet auf Sie</translation>
    </message>
    <message>
        <source>optional</source>
        <translation>freiwillig</translation>
    </message>
    <message>
        <source>later</source>
        <translation>später</translation>
    </message>
</context>
<context>
    <name>Store</name>
    <message>
        <source>Answer</source>
        <translation>Antworten</translation>
    </message>
    <message>
        <source>I don&apos;t know</source>
        <translation>Weiß ich nicht</translation>
    </message>
</context>
<context>
    <name>TakeAway</name>
    <message>
        <source>C&amp;opy</source>
        <translation>K&amp;opieren</translation>
    </message>
    <message>
        <source>Copies the text of the file, as it will be written</source>
        <translation>Kopiert den Text der Datei, wie er geschrieben wird</translation>
    </message>
    <message>
        <source>&amp;Word…</source>
        <translation>Wo&amp;rd…</translation>
    </message>
    <message>
        <source>Writes the document as a Word file</source>
        <translation>Schreibt das Dokument als Word-Datei</translation>
    </message>
    <message>
        <source>P&amp;DF…</source>
        <translation>PD&amp;F…</translation>
    </message>
    <message>
        <source>Writes what you see as a PDF file</source>
        <translation>Schreibt, was Sie sehen, als PDF-Datei</translation>
    </message>
    <message>
        <source>&amp;Print…</source>
        <translation>Dru&amp;cken…</translation>
    </message>
    <message>
        <source>Prints what you see</source>
        <translation>Druckt, was Sie sehen</translation>
    </message>
    <message>
        <source>&amp;Sources</source>
        <translation>&amp;Quellen</translation>
    </message>
    <message>
        <source>Shows where each value in this document comes from</source>
        <translation>Zeigt, woher jeder Wert in diesem Dokument kommt</translation>
    </message>
    <message>
        <source>Co&amp;mpare</source>
        <translation>Ver&amp;gleichen</translation>
    </message>
    <message>
        <source>Shows your README beside the new one</source>
        <translation>Zeigt Ihre README neben der neuen</translation>
    </message>
    <message>
        <source>Print…</source>
        <translation>Drucken…</translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation>Kopiert.</translation>
    </message>
    <message>
        <source>PDF files ({pattern})</source>
        <translation>PDF-Dateien ({pattern})</translation>
    </message>
    <message>
        <source>Save as PDF</source>
        <translation>Als PDF speichern</translation>
    </message>
    <message>
        <source>Word files ({pattern})</source>
        <translation>Word-Dateien ({pattern})</translation>
    </message>
    <message>
        <source>Save as Word</source>
        <translation>Als Word speichern</translation>
    </message>
    <message>
        <source>Saved {name}.</source>
        <translation>{name} gespeichert.</translation>
    </message>
    <message>
        <source>Print {name}</source>
        <translation>{name} drucken</translation>
    </message>
    <message>
        <source>Sent to the printer.</source>
        <translation>An den Drucker gesendet.</translation>
    </message>
</context>
<context>
    <name>WeightPage</name>
    <message>
        <source>We cannot weigh it yet</source>
        <translation>Noch können wir es nicht wiegen</translation>
    </message>
    <message>
        <source>The true value most likely lies {range}.</source>
        <translation>Der wahre Wert liegt sehr wahrscheinlich {range}.</translation>
    </message>
    <message>
        <source>With the base model: {distance}.</source>
        <translation>Mit dem Basismodell: {distance}.</translation>
    </message>
    <message>
        <source>We need either the size of the model and what the training saw, or the hardware and the hours.</source>
        <translation>Wir brauchen entweder die Größe des Modells und was das Training sah, oder die Hardware und die Stunden.</translation>
    </message>
    <message>
        <source>You did no training of your own.</source>
        <translation>Sie haben nicht selbst trainiert.</translation>
    </message>
    <message>
        <source>Ways to know it</source>
        <translation>Wege, es zu wissen</translation>
    </message>
    <message>
        <source>What it adds up to</source>
        <translation>Was zusammenkommt</translation>
    </message>
    <message>
        <source>Your training</source>
        <translation>Ihr Training</translation>
    </message>
    <message>
        <source>Base model</source>
        <translation>Basismodell</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>nicht bekannt</translation>
    </message>
    <message>
        <source>Counted by the laws</source>
        <translation>Von den Gesetzen gezählt</translation>
    </message>
    <message>
        <source>not known without the base model</source>
        <translation>ohne das Basismodell nicht bekannt</translation>
    </message>
    <message>
        <source>{count} of them trained</source>
        <translation>davon {count} trainiert</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>Parameter</translation>
    </message>
    <message>
        <source>Energy</source>
        <translation>Energie</translation>
    </message>
    <message>
        <source>CO2</source>
        <translation>CO2</translation>
    </message>
    <message>
        <source>used</source>
        <translation>verwendet</translation>
    </message>
    <message>
        <source>not used</source>
        <translation>nicht verwendet</translation>
    </message>
    <message>
        <source>missing</source>
        <translation>fehlt</translation>
    </message>
    <message>
        <source>How</source>
        <translation>Wie</translation>
    </message>
    <message>
        <source>The arithmetic, step by step</source>
        <translation>Die Rechnung, Schritt für Schritt</translation>
    </message>
    <message>
        <source>You can check each line with a calculator. FLOP are counted operations: multiply and add.</source>
        <translation>Jede Zeile lässt sich mit dem Taschenrechner prüfen. FLOP sind gezählte Rechenschritte: malnehmen und addieren.</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Zeigen</translation>
    </message>
</context>
<context>
    <name>WhatIfPage</name>
    <message>
        <source>What if it were otherwise?</source>
        <translation>Und wenn es anders wäre?</translation>
    </message>
    <message>
        <source>Move anything and see what would change. Nothing here is kept.</source>
        <translation>Verschieben Sie etwas und sehen Sie, was sich ändern würde. Nichts davon wird behalten.</translation>
    </message>
    <message>
        <source>How much training, in tenths of a power of ten</source>
        <translation>Wie viel Training, in Zehnteln einer Zehnerpotenz</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>Tokens</translation>
    </message>
    <message>
        <source>How much training</source>
        <translation>Wie viel Training</translation>
    </message>
    <message>
        <source>Which line</source>
        <translation>Welche Grenze</translation>
    </message>
    <message>
        <source>Where the line stands, in powers of ten</source>
        <translation>Wo die Grenze liegt, in Zehnerpotenzen</translation>
    </message>
    <message>
        <source>Where a line stands</source>
        <translation>Wo eine Grenze liegt</translation>
    </message>
    <message>
        <source>A law or plan put in force</source>
        <translation>Ein Gesetz oder Plan, in Kraft gesetzt</translation>
    </message>
    <message>
        <source>A plan in force</source>
        <translation>Ein Plan in Kraft</translation>
    </message>
    <message>
        <source>&amp;Use this</source>
        <translation>Dies &amp;verwenden</translation>
    </message>
    <message>
        <source>Takes these tokens as your answer. Undo brings yours back.</source>
        <translation>Nimmt diese Tokens als Ihre Antwort. Rückgängig holt Ihre zurück.</translation>
    </message>
    <message>
        <source>&amp;Put everything back</source>
        <translation>Alles zurücks&amp;tellen</translation>
    </message>
    <message>
        <source>Back to your &amp;release</source>
        <translation>Zurück zu Ihrer Ve&amp;röffentlichung</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keiner</translation>
    </message>
    <message>
        <source>You did no training of your own.</source>
        <translation>Sie haben nichts selbst trainiert.</translation>
    </message>
    <message>
        <source>{count} tokens</source>
        <translation>{count} Tokens</translation>
    </message>
    <message>
        <source>{hours} hours</source>
        <translation>{hours} Stunden</translation>
    </message>
    <message>
        <source>This is your release as it is. Move something.</source>
        <translation>Das ist Ihre Veröffentlichung, wie sie ist. Verschieben Sie etwas.</translation>
    </message>
    <message>
        <source>What if: {answer}</source>
        <translation>Was wäre wenn: {answer}</translation>
    </message>
    <message>
        <source>No law would say anything else.</source>
        <translation>Kein Gesetz würde etwas anderes sagen.</translation>
    </message>
    <message>
        <source>The answer stays. This would read otherwise:</source>
        <translation>Die Antwort bleibt. Dies würde anders lauten:</translation>
    </message>
    <message>
        <source>This would change:</source>
        <translation>Das würde sich ändern:</translation>
    </message>
    <message>
        <source>now: {words}</source>
        <translation>jetzt: {words}</translation>
    </message>
    <message>
        <source>caught then</source>
        <translation>dann erfasst</translation>
    </message>
    <message>
        <source>free then</source>
        <translation>dann frei</translation>
    </message>
    <message>
        <source>{flop} FLOP</source>
        <translation>{flop} FLOP</translation>
    </message>
    <message>
        <source>{new} more would be caught, {freed} fewer.</source>
        <translation>{new} mehr wären erfasst, {freed} weniger.</translation>
    </message>
    <message>
        <source>Among {count} well-known models</source>
        <translation>Unter {count} bekannten Modellen</translation>
    </message>
    <message>
        <source>Which</source>
        <translation>Welche</translation>
    </message>
    <message>
        <source>This can be tried, but not kept.</source>
        <translation>Das lässt sich probieren, aber nicht behalten.</translation>
    </message>
    <message>
        <source>Your files say what the run was, and they count.</source>
        <translation>Ihre Dateien sagen, wie der Lauf war, und sie zählen.</translation>
    </message>
    <message>
        <source>Use this</source>
        <translation>Dies verwenden</translation>
    </message>
</context>
<context>
    <name>Wizard</name>
    <message>
        <source>Ten minutes, on this computer only. You get its weight, what applies to you, and a model card.</source>
        <translation>Zehn Minuten, nur auf diesem Rechner. Sie erfahren das Gewicht, was für Sie gilt, und bekommen eine Modellkarte.</translation>
    </message>
    <message>
        <source>What did you train?</source>
        <translation>Was haben Sie trainiert?</translation>
    </message>
    <message>
        <source>&amp;Continue</source>
        <translation>&amp;Weiter</translation>
    </message>
    <message>
        <source>&amp;Continue to your answers</source>
        <translation>&amp;Weiter zu Ihren Antworten</translation>
    </message>
</context>
<context>
    <name>Working</name>
    <message>
        <source>&amp;Stop</source>
        <translation>&amp;Anhalten</translation>
    </message>
</context>
<context>
    <name>errors</name>
    <message>
        <source>A file could not be used.</source>
        <translation>Eine Datei ließ sich nicht verwenden.</translation>
    </message>
    <message>
        <source>Check that it is still there and that you may use it, then try again.</source>
        <translation>Prüfen Sie, ob sie noch da ist und Sie sie verwenden dürfen, und versuchen Sie es noch einmal.</translation>
    </message>
</context>
<context>
    <name>files</name>
    <message>
        <source>{name} was not saved.</source>
        <translation>{name} wurde nicht gespeichert.</translation>
    </message>
    <message>
        <source>Choose another folder, or make room and try again.</source>
        <translation>Wählen Sie einen anderen Ordner, oder schaffen Sie Platz und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>{name} is too large for a project file.</source>
        <translation>{name} ist zu groß für eine Projektdatei.</translation>
    </message>
    <message>
        <source>Open a file that Weighbridge saved.</source>
        <translation>Öffnen Sie eine Datei, die Weighbridge gespeichert hat.</translation>
    </message>
    <message>
        <source>{name} could not be opened.</source>
        <translation>{name} ließ sich nicht öffnen.</translation>
    </message>
    <message>
        <source>Check that the file is still there and that you may read it.</source>
        <translation>Prüfen Sie, ob die Datei noch da ist und Sie sie lesen dürfen.</translation>
    </message>
</context>
<context>
    <name>paper</name>
    <message>
        <source>The PDF file could not be made.</source>
        <translation>Die PDF-Datei konnte nicht gemacht werden.</translation>
    </message>
    <message>
        <source>Print it instead, or copy the text.</source>
        <translation>Drucken Sie es stattdessen, oder kopieren Sie den Text.</translation>
    </message>
    <message>
        <source>This machine has no fonts.</source>
        <translation>Auf diesem Rechner sind keine Schriften.</translation>
    </message>
    <message>
        <source>Install a font, or write a Word file.</source>
        <translation>Installieren Sie eine Schrift, oder schreiben Sie eine Word-Datei.</translation>
    </message>
</context>
</TS>
