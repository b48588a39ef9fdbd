<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr" sourcelanguage="en">
<context>
    <name>App</name>
    <message>
        <source>Describe by hand</source>
        <translation>Décrire à la main</translation>
    </message>
    <message>
        <source>Open draft</source>
        <translation>Ouvrir le brouillon</translation>
    </message>
    <message>
        <source>Start again</source>
        <translation>Recommencer</translation>
    </message>
    <message>
        <source>Your settings could not be read. They are back to the usual ones.</source>
        <translation>Vos réglages n’ont pas pu être lus. Les réglages habituels sont rétablis.</translation>
    </message>
</context>
<context>
    <name>AppliesPage</name>
    <message>
        <source>{count} more laws and plans</source>
        <translation>{count} autres lois et projets</translation>
    </message>
    <message>
        <source>They ask nothing of this release.</source>
        <translation>Ils ne demandent rien à cette publication.</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Montrer</translation>
    </message>
    <message>
        <source>starts</source>
        <translation>commence</translation>
    </message>
    <message>
        <source>ends</source>
        <translation>finit</translation>
    </message>
    <message>
        <source>falls due</source>
        <translation>échéance</translation>
    </message>
    <message>
        <source>matters for this release</source>
        <translation>concerne cette publication</translation>
    </message>
    <message>
        <source>not signed yet, as far as we know</source>
        <translation>pas encore signé, à notre connaissance</translation>
    </message>
    <message>
        <source>What comes next</source>
        <translation>Ce qui vient ensuite</translation>
    </message>
    <message>
        <source>{day}: {what} ({kind}).</source>
        <translation>{day} : {what} ({kind}).</translation>
    </message>
    <message>
        <source>Calendar</source>
        <translation>Calendrier</translation>
    </message>
    <message>
        <source>owed</source>
        <translation>dû</translation>
    </message>
    <message>
        <source>applies</source>
        <translation>s’applique</translation>
    </message>
    <message>
        <source>does not apply</source>
        <translation>ne s’applique pas</translation>
    </message>
    <message>
        <source>not yet</source>
        <translation>pas encore</translation>
    </message>
    <message>
        <source>history</source>
        <translation>histoire</translation>
    </message>
    <message>
        <source>open</source>
        <translation>ouvert</translation>
    </message>
    <message>
        <source>You owe</source>
        <translation>Vous devez</translation>
    </message>
    <message>
        <source>You need not</source>
        <translation>Vous n’avez pas à</translation>
    </message>
    <message>
        <source>What to do</source>
        <translation>Que faire</translation>
    </message>
    <message>
        <source>Another reading</source>
        <translation>Une autre lecture</translation>
    </message>
    <message>
        <source>What would change it</source>
        <translation>Ce qui le changerait</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>Depuis</translation>
    </message>
    <message>
        <source>Until</source>
        <translation>Jusqu’au</translation>
    </message>
    <message>
        <source>Due</source>
        <translation>Échéance</translation>
    </message>
    <message>
        <source>Read it</source>
        <translation>Lire</translation>
    </message>
    <message>
        <source>The line: at least {value} FLOP</source>
        <translation>Le seuil : au moins {value} FLOP</translation>
    </message>
    <message>
        <source>The line: more than {value} FLOP</source>
        <translation>Le seuil : plus de {value} FLOP</translation>
    </message>
    <message>
        <source>The name starts with</source>
        <translation>Le nom commence par</translation>
    </message>
    <message>
        <source>Notice</source>
        <translation>Mention</translation>
    </message>
    <message>
        <source>Licence of the base: {name}</source>
        <translation>Licence du modèle de base : {name}</translation>
    </message>
    <message>
        <source>Rulebook</source>
        <translation>Recueil de règles</translation>
    </message>
    <message>
        <source>About this answer</source>
        <translation>À propos de cette réponse</translation>
    </message>
    <message>
        <source>As of {today}. Rules checked on {checked}. Information, not legal advice.</source>
        <translation>Au {today}. Règles vérifiées le {checked}. Information, pas un conseil juridique.</translation>
    </message>
    <message>
        <source>Sources</source>
        <translation>Sources</translation>
    </message>
</context>
<context>
    <name>DateEditor</name>
    <message>
        <source>Write the date like 2026-12-31: year, month, day.</source>
        <translation>Écrivez la date comme 2026-12-31 : année, mois, jour.</translation>
    </message>
</context>
<context>
    <name>DocumentsPage</name>
    <message>
        <source>Documents</source>
        <translation>Documents</translation>
    </message>
    <message>
        <source>On request:</source>
        <translation>Sur demande :</translation>
    </message>
    <message>
        <source>{title} ({count} owed)</source>
        <translation>{title} (dû : {count})</translation>
    </message>
    <message>
        <source>Nothing is missing.</source>
        <translation>Rien ne manque.</translation>
    </message>
    <message>
        <source>One thing is open</source>
        <translation>Un point est ouvert</translation>
    </message>
    <message>
        <source>{count} things are open</source>
        <translation>{count} points sont ouverts</translation>
    </message>
    <message>
        <source>owed</source>
        <translation>dû</translation>
    </message>
    <message>
        <source>for readers</source>
        <translation>pour les lecteurs</translation>
    </message>
    <message>
        <source>nice to have</source>
        <translation>souhaitable</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Répondre</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Fermer</translation>
    </message>
</context>
<context>
    <name>DropZone</name>
    <message>
        <source>Drop your model&apos;s folder here</source>
        <translation>Déposez ici le dossier de votre modèle</translation>
    </message>
    <message>
        <source>It stays on this computer. Nothing in it is run or changed.</source>
        <translation>Il reste sur cet ordinateur. Rien n’y est exécuté ni modifié.</translation>
    </message>
    <message>
        <source>Several things were dropped. Drop one folder: the one that holds your model.</source>
        <translation>Plusieurs éléments ont été déposés. Déposez un seul dossier : celui de votre modèle.</translation>
    </message>
    <message>
        <source>That is not a folder on this computer. Drop the folder your training tool wrote.</source>
        <translation>Ce n’est pas un dossier de cet ordinateur. Déposez le dossier écrit par votre outil d’entraînement.</translation>
    </message>
</context>
<context>
    <name>ErrorSummary</name>
    <message>
        <source>One thing is left before you go on:</source>
        <translation>Il reste un point avant de continuer :</translation>
    </message>
    <message>
        <source>{count} things are left before you go on:</source>
        <translation>Il reste {count} points avant de continuer :</translation>
    </message>
</context>
<context>
    <name>ExportChoice</name>
    <message>
        <source>Which documents</source>
        <translation>Quels documents</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>Modifier</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Fermer</translation>
    </message>
    <message>
        <source>{documents}. As {formats}.</source>
        <translation>{documents}. En {formats}.</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Aucun</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>rien</translation>
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
        <translation>README.md, les images et NOTICE restent toujours tels quels.</translation>
    </message>
</context>
<context>
    <name>ExportEnd</name>
    <message>
        <source>To put the folder on the Hugging Face Hub:</source>
        <translation>Pour mettre le dossier sur le Hugging Face Hub :</translation>
    </message>
    <message>
        <source>Command that uploads the folder</source>
        <translation>Commande qui envoie le dossier</translation>
    </message>
    <message>
        <source>Cop&amp;y</source>
        <translation>Co&amp;pier</translation>
    </message>
    <message>
        <source>Copies the command</source>
        <translation>Copie la commande</translation>
    </message>
    <message>
        <source>Save as a &amp;zip file…</source>
        <translation>Enregistrer en &amp;zip…</translation>
    </message>
    <message>
        <source>&amp;Name the model</source>
        <translation>&amp;Nommer le modèle</translation>
    </message>
    <message>
        <source>No folder yet</source>
        <translation>Pas encore de dossier</translation>
    </message>
    <message>
        <source>Choose where the documents go. You see each file before anything is written.</source>
        <translation>Choisissez où vont les documents. Vous voyez chaque fichier avant toute écriture.</translation>
    </message>
    <message>
        <source>Everything is written</source>
        <translation>Tout est écrit</translation>
    </message>
    <message>
        <source>The documents are in {folder}.</source>
        <translation>Les documents sont dans {folder}.</translation>
    </message>
    <message>
        <source>For an upload command, name the model as on the Hub: owner/name.</source>
        <translation>Pour une commande d&apos;envoi, nommez le modèle comme sur le Hub : owner/name.</translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation>Copié.</translation>
    </message>
</context>
<context>
    <name>ExportPage</name>
    <message>
        <source>Folder for the documents</source>
        <translation>Dossier des documents</translation>
    </message>
    <message>
        <source>It must exist. Files that differ are shown before they are replaced.</source>
        <translation>Il doit exister. Les fichiers différents sont montrés avant d’être remplacés.</translation>
    </message>
    <message>
        <source>Choose a fo&amp;lder…</source>
        <translation>Choisir un d&amp;ossier…</translation>
    </message>
    <message>
        <source>&amp;Open the folder</source>
        <translation>Ou&amp;vrir le dossier</translation>
    </message>
    <message>
        <source>Choose a folder for the documents.</source>
        <translation>Choisissez un dossier pour les documents.</translation>
    </message>
    <message>
        <source>Stops. Nothing half-done is left behind.</source>
        <translation>Arrête. Rien d’inachevé ne reste.</translation>
    </message>
    <message>
        <source>Choose at least one document and one kind of file.</source>
        <translation>Choisissez au moins un document et un type de fichier.</translation>
    </message>
    <message>
        <source>&amp;Write the documents</source>
        <translation>É&amp;crire les documents</translation>
    </message>
    <message>
        <source>&amp;Write, replacing {name}</source>
        <translation>É&amp;crire en remplaçant {name}</translation>
    </message>
    <message>
        <source>&amp;Write, replacing {count} files</source>
        <translation>É&amp;crire en remplaçant {count} fichiers</translation>
    </message>
    <message>
        <source>&amp;Write {name}</source>
        <translation>É&amp;crire {name}</translation>
    </message>
    <message>
        <source>&amp;Write {count} files</source>
        <translation>É&amp;crire {count} fichiers</translation>
    </message>
    <message>
        <source>Which documents</source>
        <translation>Quels documents</translation>
    </message>
    <message>
        <source>new</source>
        <translation>nouveau</translation>
    </message>
    <message>
        <source>up to date</source>
        <translation>à jour</translation>
    </message>
    <message>
        <source>will change</source>
        <translation>va changer</translation>
    </message>
    <message>
        <source>Show the difference</source>
        <translation>Montrer la différence</translation>
    </message>
    <message>
        <source>Hide</source>
        <translation>Masquer</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Export</translation>
    </message>
    <message>
        <source>Written: {names}.</source>
        <translation>Écrit : {names}.</translation>
    </message>
    <message>
        <source>Written: {names} and {count} more.</source>
        <translation>Écrit : {names} et {count} de plus.</translation>
    </message>
    <message>
        <source>They are in {folder}.</source>
        <translation>Ils sont dans {folder}.</translation>
    </message>
    <message>
        <source>Stopped. Nothing was written.</source>
        <translation>Arrêté. Rien n’a été écrit.</translation>
    </message>
    <message>
        <source>Comparing with the folder…</source>
        <translation>Comparaison avec le dossier…</translation>
    </message>
    <message>
        <source>Writing…</source>
        <translation>Écriture…</translation>
    </message>
    <message>
        <source>Packing…</source>
        <translation>Compression…</translation>
    </message>
    <message>
        <source>{name}, {done} of {total}</source>
        <translation>{name}, {done} sur {total}</translation>
    </message>
    <message>
        <source>Zip files ({pattern})</source>
        <translation>Fichiers zip ({pattern})</translation>
    </message>
    <message>
        <source>Save as a zip file</source>
        <translation>Enregistrer en zip</translation>
    </message>
    <message>
        <source>Saved {name}.</source>
        <translation>{name} enregistré.</translation>
    </message>
</context>
<context>
    <name>FactWords</name>
    <message>
        <source>not recorded</source>
        <translation>non noté</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>oui</translation>
    </message>
    <message>
        <source>no</source>
        <translation>non</translation>
    </message>
    <message>
        <source>none</source>
        <translation>aucun</translation>
    </message>
    <message>
        <source>{count} entries</source>
        <translation>{count} entrées</translation>
    </message>
</context>
<context>
    <name>Fold</name>
    <message>
        <source>Why</source>
        <translation>Pourquoi</translation>
    </message>
    <message>
        <source>Less</source>
        <translation>Moins</translation>
    </message>
</context>
<context>
    <name>FolderEditor</name>
    <message>
        <source>Choose…</source>
        <translation>Choisir…</translation>
    </message>
    <message>
        <source>Choose a folder</source>
        <translation>Choisir un dossier</translation>
    </message>
</context>
<context>
    <name>FolderPage</name>
    <message>
        <source>Or give its path</source>
        <translation>Ou donnez son chemin</translation>
    </message>
    <message>
        <source>Path of the folder</source>
        <translation>Chemin du dossier</translation>
    </message>
    <message>
        <source>Type or paste the path, then go on</source>
        <translation>Tapez ou collez le chemin, puis continuez</translation>
    </message>
    <message>
        <source>Choose a fo&amp;lder…</source>
        <translation>Choisir un d&amp;ossier…</translation>
    </message>
    <message>
        <source>No folder? &amp;Describe the model by hand</source>
        <translation>Pas de dossier ? &amp;Décrire le modèle à la main</translation>
    </message>
    <message>
        <source>Reading the folder</source>
        <translation>Lecture du dossier</translation>
    </message>
    <message>
        <source>Stops reading. What you had before stays.</source>
        <translation>Arrête la lecture. Ce que vous aviez avant reste.</translation>
    </message>
    <message>
        <source>Choose your model&apos;s folder</source>
        <translation>Choisir le dossier de votre modèle</translation>
    </message>
    <message>
        <source>Describe by hand</source>
        <translation>Décrire à la main</translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation>Recherche…</translation>
    </message>
    <message>
        <source>{count} files seen</source>
        <translation>{count} fichiers vus</translation>
    </message>
    <message>
        <source>Stopped. Nothing was changed.</source>
        <translation>Arrêté. Rien n’a été modifié.</translation>
    </message>
    <message>
        <source>Reading was stopped.</source>
        <translation>La lecture a été arrêtée.</translation>
    </message>
    <message>
        <source>Nothing was changed.</source>
        <translation>Rien n’a été modifié.</translation>
    </message>
</context>
<context>
    <name>Foot</name>
    <message>
        <source>Your training</source>
        <translation>Votre entraînement</translation>
    </message>
    <message>
        <source>What if…</source>
        <translation>Et si…</translation>
    </message>
    <message>
        <source>Try more training, another line or another law</source>
        <translation>Essayer plus d’entraînement, un autre seuil ou une autre loi</translation>
    </message>
    <message>
        <source>Picture…</source>
        <translation>Image…</translation>
    </message>
    <message>
        <source>Save the scale as a picture</source>
        <translation>Enregistrer l’échelle en image</translation>
    </message>
    <message>
        <source>As SVG or PNG, to show in a README</source>
        <translation>En SVG ou PNG, pour un README</translation>
    </message>
    <message>
        <source>Show the scale</source>
        <translation>Montrer l’échelle</translation>
    </message>
    <message>
        <source>Brings the scale back while you are on this page</source>
        <translation>Ramène l’échelle tant que vous êtes sur cette page</translation>
    </message>
    <message>
        <source>What if</source>
        <translation>Et si</translation>
    </message>
</context>
<context>
    <name>Form</name>
    <message>
        <source>If you like: {count} more</source>
        <translation>Si vous voulez : {count} de plus</translation>
    </message>
    <message>
        <source>Show fewer</source>
        <translation>Montrer moins</translation>
    </message>
</context>
<context>
    <name>FormPage</name>
    <message>
        <source>You did no training of your own, so nothing is asked here. Go on.</source>
        <translation>Vous n’avez rien entraîné vous-même : rien n’est demandé ici. Continuez.</translation>
    </message>
    <message>
        <source>Your files answered everything here. Go on.</source>
        <translation>Vos fichiers ont répondu à tout ici. Continuez.</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Répondre</translation>
    </message>
</context>
<context>
    <name>FormRow</name>
    <message>
        <source>I don&apos;t know</source>
        <translation>Je ne sais pas</translation>
    </message>
    <message>
        <source>{origin} says {value}</source>
        <translation>{origin} indique {value}</translation>
    </message>
</context>
<context>
    <name>FoundPage</name>
    <message>
        <source>{name}: {facts} facts from one file.</source>
        <translation>{name} : {facts} faits dans un fichier.</translation>
    </message>
    <message>
        <source>{name}: {facts} facts from {files} files.</source>
        <translation>{name} : {facts} faits dans {files} fichiers.</translation>
    </message>
    <message>
        <source>Use the file</source>
        <translation>Utiliser le fichier</translation>
    </message>
    <message>
        <source>Takes your correction back</source>
        <translation>Retire votre correction</translation>
    </message>
    <message>
        <source>you said, and {origin}</source>
        <translation>vous l’avez dit, et {origin}</translation>
    </message>
    <message>
        <source>you said</source>
        <translation>vous l’avez dit</translation>
    </message>
    <message>
        <source>{origin} says {value}</source>
        <translation>{origin} indique {value}</translation>
    </message>
    <message>
        <source>Correct</source>
        <translation>Corriger</translation>
    </message>
    <message>
        <source>Opens a field for the right value</source>
        <translation>Ouvre un champ pour la bonne valeur</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Terminé</translation>
    </message>
    <message>
        <source>Done: {label}</source>
        <translation>Terminé : {label}</translation>
    </message>
    <message>
        <source>{label}: your files disagree</source>
        <translation>{label} : vos fichiers se contredisent</translation>
    </message>
    <message>
        <source>look here</source>
        <translation>à regarder</translation>
    </message>
    <message>
        <source>Choose</source>
        <translation>Choisir</translation>
    </message>
    <message>
        <source>Use this</source>
        <translation>Utiliser ceci</translation>
    </message>
    <message>
        <source>Takes this value instead</source>
        <translation>Prend plutôt cette valeur</translation>
    </message>
    <message>
        <source>used now</source>
        <translation>utilisé maintenant</translation>
    </message>
    <message>
        <source>other reading</source>
        <translation>autre lecture</translation>
    </message>
    <message>
        <source>{file} could not be read</source>
        <translation>{file} n’a pas pu être lu</translation>
    </message>
    <message>
        <source>What to do</source>
        <translation>Que faire</translation>
    </message>
    <message>
        <source>{count} more from your files</source>
        <translation>{count} de plus dans vos fichiers</translation>
    </message>
    <message>
        <source>Used for the calculation and the model card.</source>
        <translation>Utilisé pour le calcul et la fiche du modèle.</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Montrer</translation>
    </message>
    <message>
        <source>Notes from reading</source>
        <translation>Notes de lecture</translation>
    </message>
</context>
<context>
    <name>Help</name>
    <message>
        <source>Continue</source>
        <translation>Continuer</translation>
    </message>
    <message>
        <source>Enter, or Alt and the underlined letter</source>
        <translation>Entrée, ou Alt et la lettre soulignée</translation>
    </message>
    <message>
        <source>Move between the steps</source>
        <translation>Passer d’une étape à l’autre</translation>
    </message>
    <message>
        <source>Up and Down in the list of steps</source>
        <translation>Haut et Bas dans la liste des étapes</translation>
    </message>
    <message>
        <source>Walk over the scale</source>
        <translation>Parcourir l’échelle</translation>
    </message>
    <message>
        <source>Left and Right on the scale</source>
        <translation>Gauche et Droite sur l’échelle</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Raccourcis clavier</translation>
    </message>
    <message>
        <source>Words explained</source>
        <translation>Termes expliqués</translation>
    </message>
    <message>
        <source>On this page</source>
        <translation>Sur cette page</translation>
    </message>
    <message>
        <source>All other words</source>
        <translation>Tous les autres termes</translation>
    </message>
    <message>
        <source>Weighbridge {version}</source>
        <translation>Weighbridge {version}</translation>
    </message>
    <message>
        <source>Weighs the compute of a trained model, says which laws apply, and writes its papers. It works on this computer only. It informs; it is not legal advice.</source>
        <translation>Pèse le calcul d’un modèle entraîné, dit quelles lois s’appliquent et rédige ses documents. Tout reste sur cet ordinateur. Il informe ; ce n’est pas un conseil juridique.</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Licence</translation>
    </message>
    <message>
        <source>Rules</source>
        <translation>Règles</translation>
    </message>
</context>
<context>
    <name>HomePage</name>
    <message>
        <source>Choose a &amp;folder…</source>
        <translation>Choisir un d&amp;ossier…</translation>
    </message>
    <message>
        <source>&amp;Describe it by hand</source>
        <translation>&amp;Décrire à la main</translation>
    </message>
    <message>
        <source>&amp;Try the example</source>
        <translation>&amp;Essayer l’exemple</translation>
    </message>
    <message>
        <source>Continue where you left off</source>
        <translation>Reprendre là où vous étiez</translation>
    </message>
    <message>
        <source>&amp;Continue</source>
        <translation>&amp;Continuer</translation>
    </message>
    <message>
        <source>One release needs another look.</source>
        <translation>Une publication est à revoir.</translation>
    </message>
    <message>
        <source>{count} releases need another look.</source>
        <translation>{count} publications sont à revoir.</translation>
    </message>
    <message>
        <source>The rules answer otherwise than when you saved it.</source>
        <translation>Les règles répondent autrement qu’à l’enregistrement.</translation>
    </message>
    <message>
        <source>Your releases</source>
        <translation>Vos publications</translation>
    </message>
    <message>
        <source>Folders read lately</source>
        <translation>Dossiers lus récemment</translation>
    </message>
    <message>
        <source>{name} was taken off the list.</source>
        <translation>{name} a été retiré de la liste.</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Choose your model&apos;s folder</source>
        <translation>Choisir le dossier de votre modèle</translation>
    </message>
</context>
<context>
    <name>Inputs</name>
    <message>
        <source>Yes</source>
        <translation>Oui</translation>
    </message>
    <message>
        <source>No</source>
        <translation>Non</translation>
    </message>
</context>
<context>
    <name>LineEditor</name>
    <message>
        <source>for example {example}</source>
        <translation>par exemple {example}</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>F&amp;ile</source>
        <translation>&amp;Fichier</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Édition</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Affichage</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>A&amp;ide</translation>
    </message>
</context>
<context>
    <name>Menus</name>
    <message>
        <source>&amp;Home</source>
        <translation>&amp;Accueil</translation>
    </message>
    <message>
        <source>&amp;Start again</source>
        <translation>&amp;Recommencer</translation>
    </message>
    <message>
        <source>Open &amp;folder…</source>
        <translation>Ouvrir un &amp;dossier…</translation>
    </message>
    <message>
        <source>Open &amp;project…</source>
        <translation>Ouvrir un &amp;projet…</translation>
    </message>
    <message>
        <source>Sa&amp;ve project</source>
        <translation>Enre&amp;gistrer le projet</translation>
    </message>
    <message>
        <source>Save project &amp;as…</source>
        <translation>Enregistrer le projet &amp;sous…</translation>
    </message>
    <message>
        <source>Save s&amp;cale as a picture…</source>
        <translation>Enregistrer l’é&amp;chelle en image…</translation>
    </message>
    <message>
        <source>&amp;Rules in use…</source>
        <translation>Règl&amp;es utilisées…</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Quitter</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Annuler</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Rétablir</translation>
    </message>
    <message>
        <source>&amp;Keyboard shortcuts</source>
        <translation>&amp;Raccourcis clavier</translation>
    </message>
    <message>
        <source>&amp;Words explained</source>
        <translation>&amp;Termes expliqués</translation>
    </message>
    <message>
        <source>&amp;About Weighbridge</source>
        <translation>À &amp;propos de Weighbridge</translation>
    </message>
    <message>
        <source>&amp;As the system</source>
        <translation>&amp;Comme le système</translation>
    </message>
    <message>
        <source>&amp;Light</source>
        <translation>C&amp;lair</translation>
    </message>
    <message>
        <source>&amp;Dark</source>
        <translation>&amp;Sombre</translation>
    </message>
    <message>
        <source>Langua&amp;ge</source>
        <translation>Lan&amp;gue</translation>
    </message>
    <message>
        <source>&amp;Keep still</source>
        <translation>Sans &amp;mouvement</translation>
    </message>
    <message>
        <source>The scale moves without gliding</source>
        <translation>L’échelle bouge sans glisser</translation>
    </message>
    <message>
        <source>The language changes when you start Weighbridge again.</source>
        <translation>La langue change au prochain démarrage de Weighbridge.</translation>
    </message>
    <message>
        <source>Choose your model&apos;s folder</source>
        <translation>Choisir le dossier de votre modèle</translation>
    </message>
    <message>
        <source>Open project</source>
        <translation>Ouvrir un projet</translation>
    </message>
    <message>
        <source>Weighbridge projects ({pattern})</source>
        <translation>Projets Weighbridge ({pattern})</translation>
    </message>
    <message>
        <source>{name} was changed since you opened it, perhaps by another window.</source>
        <translation>{name} a changé depuis que vous l’avez ouvert, peut-être dans une autre fenêtre.</translation>
    </message>
    <message>
        <source>Nothing was saved. Save under another name, or save again to replace it.</source>
        <translation>Rien n’a été enregistré. Enregistrez sous un autre nom, ou enregistrez encore une fois pour le remplacer.</translation>
    </message>
    <message>
        <source>model</source>
        <translation>modele</translation>
    </message>
    <message>
        <source>Save project</source>
        <translation>Enregistrer le projet</translation>
    </message>
    <message>
        <source>There is nothing on the scale yet.</source>
        <translation>Il n’y a encore rien sur l’échelle.</translation>
    </message>
    <message>
        <source>Choose a folder first.</source>
        <translation>Choisissez d’abord un dossier.</translation>
    </message>
    <message>
        <source>SVG picture ({pattern})</source>
        <translation>Image SVG ({pattern})</translation>
    </message>
    <message>
        <source>PNG picture ({pattern})</source>
        <translation>Image PNG ({pattern})</translation>
    </message>
    <message>
        <source>Save the scale</source>
        <translation>Enregistrer l’échelle</translation>
    </message>
    <message>
        <source>Saved {name}.</source>
        <translation>{name} enregistré.</translation>
    </message>
</context>
<context>
    <name>NothingYet</name>
    <message>
        <source>Nothing to show yet</source>
        <translation>Rien à montrer pour l’instant</translation>
    </message>
    <message>
        <source>This page fills itself once we know which model it is about.</source>
        <translation>Cette page se remplit dès que nous savons de quel modèle il s’agit.</translation>
    </message>
    <message>
        <source>Go to &amp;Folder</source>
        <translation>Aller a&amp;u dossier</translation>
    </message>
    <message>
        <source>&amp;Describe it by hand</source>
        <translation>&amp;Décrire à la main</translation>
    </message>
</context>
<context>
    <name>NoticeBoard</name>
    <message>
        <source>Dismiss</source>
        <translation>Masquer</translation>
    </message>
    <message>
        <source>Takes this notice away</source>
        <translation>Retire cet avis</translation>
    </message>
</context>
<context>
    <name>NumberBeforeNoun</name>
    <message>
        <source>{count} thousand</source>
        <translation>{count} mille</translation>
    </message>
    <message>
        <source>{count} million</source>
        <translation>{count} millions de</translation>
    </message>
    <message>
        <source>{count} billion</source>
        <translation>{count} milliards de</translation>
    </message>
    <message>
        <source>{count} trillion</source>
        <translation>{count} billions de</translation>
    </message>
</context>
<context>
    <name>NumberWords</name>
    <message>
        <source>far below the line</source>
        <translation>loin sous le seuil</translation>
    </message>
    <message>
        <source>exactly on the line</source>
        <translation>exactement sur le seuil</translation>
    </message>
    <message>
        <source>about {times} times below the line</source>
        <translation>environ {times} fois sous le seuil</translation>
    </message>
    <message>
        <source>just below the line</source>
        <translation>juste sous le seuil</translation>
    </message>
    <message>
        <source>about {times} times over the line</source>
        <translation>environ {times} fois au-dessus du seuil</translation>
    </message>
    <message>
        <source>just over the line</source>
        <translation>juste au-dessus du seuil</translation>
    </message>
    <message>
        <source>far below the nearest line</source>
        <translation>loin sous le seuil le plus proche</translation>
    </message>
    <message>
        <source>about {times} times below the nearest line</source>
        <translation>environ {times} fois sous le seuil le plus proche</translation>
    </message>
    <message>
        <source>just below the nearest line</source>
        <translation>juste sous le seuil le plus proche</translation>
    </message>
    <message>
        <source>exactly on the nearest line</source>
        <translation>exactement au seuil le plus proche</translation>
    </message>
    <message>
        <source>about {times} times over the nearest line</source>
        <translation>environ {times} fois au-dessus du seuil le plus proche</translation>
    </message>
    <message>
        <source>just over the nearest line</source>
        <translation>juste au-dessus du seuil le plus proche</translation>
    </message>
    <message>
        <source>as it was</source>
        <translation>comme c’était</translation>
    </message>
    <message>
        <source>{times} times as much</source>
        <translation>{times} fois autant</translation>
    </message>
    <message>
        <source>{times} times less</source>
        <translation>{times} fois moins</translation>
    </message>
    <message>
        <source>as it stands: {value} FLOP</source>
        <translation>tel quel : {value} FLOP</translation>
    </message>
    <message>
        <source>{times} times higher: {value} FLOP</source>
        <translation>{times} fois plus haut : {value} FLOP</translation>
    </message>
    <message>
        <source>{times} times lower: {value} FLOP</source>
        <translation>{times} fois plus bas : {value} FLOP</translation>
    </message>
    <message>
        <source>{count} thousand</source>
        <translation>{count} mille</translation>
    </message>
    <message>
        <source>{count} million</source>
        <translation>{count} millions</translation>
    </message>
    <message>
        <source>{count} billion</source>
        <translation>{count} milliards</translation>
    </message>
    <message>
        <source>{count} trillion</source>
        <translation>{count} billions</translation>
    </message>
</context>
<context>
    <name>Page</name>
    <message>
        <source>Answer</source>
        <translation>Répondre</translation>
    </message>
</context>
<context>
    <name>PickEditor</name>
    <message>
        <source>Type a part of the name, or open the list</source>
        <translation>Tapez une partie du nom, ou ouvrez la liste</translation>
    </message>
    <message>
        <source>“{written}” is not in the list. Pick the nearest one, or choose “I don&apos;t know”.</source>
        <translation>« {written} » n’est pas dans la liste. Prenez le plus proche, ou « Je ne sais pas ».</translation>
    </message>
</context>
<context>
    <name>Pictures</name>
    <message>
        <source>The picture could not be made.</source>
        <translation>L’image n’a pas pu être créée.</translation>
    </message>
    <message>
        <source>Save it as SVG.</source>
        <translation>Enregistrez-la en SVG.</translation>
    </message>
</context>
<context>
    <name>Preview</name>
    <message>
        <source>Preview of the document</source>
        <translation>Aperçu du document</translation>
    </message>
</context>
<context>
    <name>ReviewPage</name>
    <message>
        <source>Nothing is known yet. Choose a folder, or describe the model by hand.</source>
        <translation>Rien n’est encore connu. Choisissez un dossier, ou décrivez le modèle à la main.</translation>
    </message>
    <message>
        <source>{count} found</source>
        <translation>trouvé : {count}</translation>
    </message>
    <message>
        <source>{count} said by you</source>
        <translation>dit par vous : {count}</translation>
    </message>
    <message>
        <source>{count} assumed</source>
        <translation>supposé : {count}</translation>
    </message>
    <message>
        <source>{count} you don&apos;t know</source>
        <translation>que vous ne savez pas : {count}</translation>
    </message>
    <message>
        <source>{count} not provided</source>
        <translation>sans réponse : {count}</translation>
    </message>
    <message>
        <source>Not provided</source>
        <translation>Sans réponse</translation>
    </message>
    <message>
        <source>You don&apos;t know</source>
        <translation>Vous ne savez pas</translation>
    </message>
    <message>
        <source>Take back</source>
        <translation>Retirer</translation>
    </message>
    <message>
        <source>Takes this answer out. Undo brings it back.</source>
        <translation>Retire cette réponse. Annuler la ramène.</translation>
    </message>
    <message>
        <source>See why</source>
        <translation>Voir pourquoi</translation>
    </message>
    <message>
        <source>Shows what it was needed for. Continue comes back here.</source>
        <translation>Montre à quoi cela servait. Continuer revient ici.</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>Modifier</translation>
    </message>
    <message>
        <source>Opens the page that asks for this. Continue comes back here.</source>
        <translation>Ouvre la page qui le demande. Continuer revient ici.</translation>
    </message>
</context>
<context>
    <name>Rulebook</name>
    <message>
        <source>checked up to {day}, {hash}</source>
        <translation>vérifiées jusqu’au {day}, {hash}</translation>
    </message>
</context>
<context>
    <name>RulebookDialog</name>
    <message>
        <source>Rules in use</source>
        <translation>Règles utilisées</translation>
    </message>
    <message>
        <source>What the newer rules change</source>
        <translation>Ce que changent les nouvelles règles</translation>
    </message>
    <message>
        <source>&amp;Load newer rules…</source>
        <translation>&amp;Charger de nouvelles règles…</translation>
    </message>
    <message>
        <source>&amp;Go back to the app’s own</source>
        <translation>&amp;Revenir à celles de l’application</translation>
    </message>
    <message>
        <source>&amp;Trust a key…</source>
        <translation>&amp;Faire confiance à une clé…</translation>
    </message>
    <message>
        <source>For rulebooks of somebody you know. The app’s own key needs nothing.</source>
        <translation>Pour les règles de quelqu’un que vous connaissez. La clé de l’application ne demande rien.</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>F&amp;ermer</translation>
    </message>
    <message>
        <source>Edition {number} of {made}, loaded from a file. The rules were checked up to {checked}.</source>
        <translation>Édition {number} du {made}, chargée d’un fichier. Règles vérifiées jusqu’au {checked}.</translation>
    </message>
    <message>
        <source>Edition {number} of {made}, as it came with the app. The rules were checked up to {checked}.</source>
        <translation>Édition {number} du {made}, livrée avec l’application. Règles vérifiées jusqu’au {checked}.</translation>
    </message>
    <message>
        <source>Your documents name these rules by their mark, {mark}.</source>
        <translation>Vos documents nomment ces règles par leur marque, {mark}.</translation>
    </message>
    <message>
        <source>&amp;Use edition {number}</source>
        <translation>&amp;Utiliser l’édition {number}</translation>
    </message>
    <message>
        <source>&amp;Keep edition {number}</source>
        <translation>&amp;Garder l’édition {number}</translation>
    </message>
    <message>
        <source>What changes</source>
        <translation>Ce qui change</translation>
    </message>
    <message>
        <source>Nothing that a rule says.</source>
        <translation>Rien de ce que dit une règle.</translation>
    </message>
    <message>
        <source>Your saved releases</source>
        <translation>Vos publications enregistrées</translation>
    </message>
    <message>
        <source>You have none that could change.</source>
        <translation>Vous n’en avez aucune qui puisse changer.</translation>
    </message>
    <message>
        <source>Nothing changes.</source>
        <translation>Rien ne change.</translation>
    </message>
    <message>
        <source>{law}: “{before}” becomes “{after}”</source>
        <translation>{law} : « {before} » devient « {after} »</translation>
    </message>
    <message>
        <source>Rulebooks ({pattern})</source>
        <translation>Recueils de règles ({pattern})</translation>
    </message>
    <message>
        <source>Load newer rules</source>
        <translation>Charger de nouvelles règles</translation>
    </message>
    <message>
        <source>Edition {number} is in use.</source>
        <translation>L’édition {number} est utilisée.</translation>
    </message>
    <message>
        <source>The app’s own rules are in use again.</source>
        <translation>Les règles de l’application sont de nouveau utilisées.</translation>
    </message>
    <message>
        <source>Keys ({pattern})</source>
        <translation>Clés ({pattern})</translation>
    </message>
    <message>
        <source>Trust a key</source>
        <translation>Faire confiance à une clé</translation>
    </message>
    <message>
        <source>From now on rulebooks signed by {holder} count.</source>
        <translation>Désormais, les règles signées par {holder} comptent.</translation>
    </message>
    <message>
        <source>Compare the mark with the holder: {mark}.</source>
        <translation>Comparez la marque avec son titulaire : {mark}.</translation>
    </message>
</context>
<context>
    <name>Scale</name>
    <message>
        <source>Scale of training compute</source>
        <translation>Échelle du calcul d’entraînement</translation>
    </message>
    <message>
        <source>{account}: about {central} FLOP, from {low} to {high}</source>
        <translation>{account} : environ {central} FLOP, de {low} à {high}</translation>
    </message>
    <message>
        <source>To compare: {name}, {value} FLOP</source>
        <translation>Pour comparer : {name}, {value} FLOP</translation>
    </message>
    <message>
        <source>Line at {value} FLOP: {label}</source>
        <translation>Seuil à {value} FLOP : {label}</translation>
    </message>
    <message>
        <source>Your training</source>
        <translation>Votre entraînement</translation>
    </message>
    <message>
        <source>Base model</source>
        <translation>Modèle de base</translation>
    </message>
    <message>
        <source>Both together</source>
        <translation>Les deux ensemble</translation>
    </message>
    <message>
        <source>{line} and {count} more</source>
        <translation>{line} et {count} de plus</translation>
    </message>
    <message>
        <source>announced</source>
        <translation>annoncé</translation>
    </message>
    <message>
        <source>ended</source>
        <translation>terminé</translation>
    </message>
</context>
<context>
    <name>ScaleWords</name>
    <message>
        <source>Not weighed yet</source>
        <translation>Pas encore pesé</translation>
    </message>
    <message>
        <source>So far only the base model lies on the scale.</source>
        <translation>Seul le modèle de base est sur l’échelle pour l’instant.</translation>
    </message>
    <message>
        <source>Nothing on the scale yet</source>
        <translation>Rien sur l’échelle pour l’instant</translation>
    </message>
    <message>
        <source>It fills as you go on.</source>
        <translation>Elle se remplit au fil des pages.</translation>
    </message>
    <message>
        <source>{value} FLOP</source>
        <translation>{value} FLOP</translation>
    </message>
    <message>
        <source>from {low} to {high}</source>
        <translation>de {low} à {high}</translation>
    </message>
    <message>
        <source>Your training: about {figure}, {between}.</source>
        <translation>Votre entraînement : environ {figure}, {between}.</translation>
    </message>
    <message>
        <source>You did no training of your own.</source>
        <translation>Vous n’avez rien entraîné vous-même.</translation>
    </message>
    <message>
        <source>{label}: {distance}.</source>
        <translation>{label} : {distance}.</translation>
    </message>
    <message>
        <source>{distance}: {label}</source>
        <translation>{distance} : {label}</translation>
    </message>
</context>
<context>
    <name>Scanner</name>
    <message>
        <source>Open project</source>
        <translation>Ouvrir un projet</translation>
    </message>
    <message>
        <source>Read folder</source>
        <translation>Lire le dossier</translation>
    </message>
</context>
<context>
    <name>Sheet</name>
    <message>
        <source>&amp;Back</source>
        <translation>&amp;Retour</translation>
    </message>
    <message>
        <source>&amp;Continue</source>
        <translation>&amp;Continuer</translation>
    </message>
</context>
<context>
    <name>Shelf</name>
    <message>
        <source>A model described by hand</source>
        <translation>Un modèle décrit à la main</translation>
    </message>
</context>
<context>
    <name>ShelfRow</name>
    <message>
        <source>Needs another look: the rules answer otherwise now.</source>
        <translation>À revoir : les règles répondent autrement maintenant.</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Ouvrir</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Retirer</translation>
    </message>
    <message>
        <source>Throws this draft away. You can undo it.</source>
        <translation>Jette ce brouillon. Vous pouvez annuler.</translation>
    </message>
    <message>
        <source>Takes it off this list. Nothing on the disk changes. You can undo it.</source>
        <translation>Le retire de cette liste. Rien ne change sur le disque. Vous pouvez annuler.</translation>
    </message>
    <message>
        <source>Draft of {date}, not saved</source>
        <translation>Brouillon du {date}, non enregistré</translation>
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
        <translation>Maintenant</translation>
    </message>
    <message>
        <source>{name} as it is now</source>
        <translation>{name} tel qu’il est</translation>
    </message>
    <message>
        <source>New</source>
        <translation>Nouveau</translation>
    </message>
    <message>
        <source>{name} as it will be</source>
        <translation>{name} tel qu’il sera</translation>
    </message>
</context>
<context>
    <name>Sources</name>
    <message>
        <source>Where each value comes from</source>
        <translation>D’où vient chaque valeur</translation>
    </message>
    <message>
        <source>Enter opens the page where this can be changed</source>
        <translation>Entrée ouvre la page où cela se modifie</translation>
    </message>
    <message>
        <source>Point at an underlined value, or walk through this list. Enter opens its page.</source>
        <translation>Survolez une valeur soulignée ou parcourez cette liste. Entrée ouvre sa page.</translation>
    </message>
    <message>
        <source>Nothing in this document comes from your files or answers.</source>
        <translation>Rien dans ce document ne vient de vos fichiers ni de vos réponses.</translation>
    </message>
</context>
<context>
    <name>Start</name>
    <message>
        <source>Weighbridge stopped all of a sudden last time.</source>
        <translation>Weighbridge s’est arrêté brusquement la dernière fois.</translation>
    </message>
    <message>
        <source>Your work was kept.</source>
        <translation>Votre travail a été gardé.</translation>
    </message>
    <message>
        <source>Something broke in Weighbridge. Your work was saved.</source>
        <translation>Quelque chose a cassé dans Weighbridge. Votre travail est enregistré.</translation>
    </message>
    <message>
        <source>Start it again to go on. The report below is in {folder}; nothing was sent.</source>
        <translation>Relancez-le pour continuer. Le rapport ci-dessous est dans {folder} ; rien n’a été envoyé.</translation>
    </message>
</context>
<context>
    <name>StepButton</name>
    <message>
        <source>this page</source>
        <translation>cette page</translation>
    </message>
</context>
<context>
    <name>StepList</name>
    <message>
        <source>Steps</source>
        <translation>Étapes</translation>
    </message>
    <message>
        <source>done</source>
        <translation>fait</translation>
    </message>
    <message>
        <source>needs you</source>
        <translation>à faire</translation>
    </message>
    <message>
        <source>optional</source>
        <translation>facultatif</translation>
    </message>
    <message>
        <source>later</source>
        <translation>plus tard</translation>
    </message>
</context>
<context>
    <name>Store</name>
    <message>
        <source>Answer</source>
        <translation>Répondre</translation>
    </message>
    <message>
        <source>I don&apos;t know</source>
        <translation>Je ne sais pas</translation>
    </message>
</context>
<context>
    <name>TakeAway</name>
    <message>
        <source>C&amp;opy</source>
        <translation>C&amp;opier</translation>
    </message>
    <message>
        <source>Copies the text of the file, as it will be written</source>
        <translation>Copie le texte du fichier tel qu’il sera écrit</translation>
    </message>
    <message>
        <source>&amp;Word…</source>
        <translation>&amp;Word…</translation>
    </message>
    <message>
        <source>Writes the document as a Word file</source>
        <translation>Écrit le document en fichier Word</translation>
    </message>
    <message>
        <source>P&amp;DF…</source>
        <translation>P&amp;DF…</translation>
    </message>
    <message>
        <source>Writes what you see as a PDF file</source>
        <translation>Écrit ce que vous voyez en fichier PDF</translation>
    </message>
    <message>
        <source>&amp;Print…</source>
        <translation>Im&amp;primer…</translation>
    </message>
    <message>
        <source>Prints what you see</source>
        <translation>Imprime ce que vous voyez</translation>
    </message>
    <message>
        <source>&amp;Sources</source>
        <translation>&amp;Sources</translation>
    </message>
    <message>
        <source>Shows where each value in this document comes from</source>
        <translation>Montre d’où vient chaque valeur de ce document</translation>
    </message>
    <message>
        <source>Co&amp;mpare</source>
        <translation>Co&amp;mparer</translation>
    </message>
    <message>
        <source>Shows your README beside the new one</source>
        <translation>Montre votre README à côté du nouveau</translation>
    </message>
    <message>
        <source>Print…</source>
        <translation>Imprimer…</translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation>Copié.</translation>
    </message>
    <message>
        <source>PDF files ({pattern})</source>
        <translation>Fichiers PDF ({pattern})</translation>
    </message>
    <message>
        <source>Save as PDF</source>
        <translation>Enregistrer en PDF</translation>
    </message>
    <message>
        <source>Word files ({pattern})</source>
        <translation>Fichiers Word ({pattern})</translation>
    </message>
    <message>
        <source>Save as Word</source>
        <translation>Enregistrer en Word</translation>
    </message>
    <message>
        <source>Saved {name}.</source>
        <translation>{name} enregistré.</translation>
    </message>
    <message>
        <source>Print {name}</source>
        <translation>Imprimer {name}</translation>
    </message>
    <message>
        <source>Sent to the printer.</source>
        <translation>Envoyé à l’imprimante.</translation>
    </message>
</context>
<context>
    <name>WeightPage</name>
    <message>
        <source>We cannot weigh it yet</source>
        <translation>Nous ne pouvons pas encore le peser</translation>
    </message>
    <message>
        <source>The true value most likely lies {range}.</source>
        <translation>La vraie valeur se situe très probablement {range}.</translation>
    </message>
    <message>
        <source>With the base model: {distance}.</source>
        <translation>Avec le modèle de base : {distance}.</translation>
    </message>
    <message>
        <source>We need either the size of the model and what the training saw, or the hardware and the hours.</source>
        <translation>Il nous faut soit la taille du modèle et ce que l’entraînement a vu, soit le matériel et les heures.</translation>
    </message>
    <message>
        <source>You did no training of your own.</source>
        <translation>Vous n’avez rien entraîné vous-même.</translation>
    </message>
    <message>
        <source>Ways to know it</source>
        <translation>Façons de le savoir</translation>
    </message>
    <message>
        <source>What it adds up to</source>
        <translation>Ce que cela donne</translation>
    </message>
    <message>
        <source>Your training</source>
        <translation>Votre entraînement</translation>
    </message>
    <message>
        <source>Base model</source>
        <translation>Modèle de base</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>inconnu</translation>
    </message>
    <message>
        <source>Counted by the laws</source>
        <translation>Compté par les lois</translation>
    </message>
    <message>
        <source>not known without the base model</source>
        <translation>inconnu sans le modèle de base</translation>
    </message>
    <message>
        <source>{count} of them trained</source>
        <translation>dont {count} entraînés</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>Paramètres</translation>
    </message>
    <message>
        <source>Energy</source>
        <translation>Énergie</translation>
    </message>
    <message>
        <source>CO2</source>
        <translation>CO2</translation>
    </message>
    <message>
        <source>used</source>
        <translation>utilisé</translation>
    </message>
    <message>
        <source>not used</source>
        <translation>non utilisé</translation>
    </message>
    <message>
        <source>missing</source>
        <translation>manque</translation>
    </message>
    <message>
        <source>How</source>
        <translation>Comment</translation>
    </message>
    <message>
        <source>The arithmetic, step by step</source>
        <translation>Le calcul, pas à pas</translation>
    </message>
    <message>
        <source>You can check each line with a calculator. FLOP are counted operations: multiply and add.</source>
        <translation>Chaque ligne se vérifie à la calculatrice. Les FLOP sont des opérations comptées : multiplier et additionner.</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Montrer</translation>
    </message>
</context>
<context>
    <name>WhatIfPage</name>
    <message>
        <source>What if it were otherwise?</source>
        <translation>Et si c’était autrement ?</translation>
    </message>
    <message>
        <source>Move anything and see what would change. Nothing here is kept.</source>
        <translation>Déplacez quelque chose et voyez ce qui changerait. Rien n’est gardé ici.</translation>
    </message>
    <message>
        <source>How much training, in tenths of a power of ten</source>
        <translation>Combien d’entraînement, en dixièmes de puissance de dix</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>Tokens</translation>
    </message>
    <message>
        <source>How much training</source>
        <translation>Combien d’entraînement</translation>
    </message>
    <message>
        <source>Which line</source>
        <translation>Quel seuil</translation>
    </message>
    <message>
        <source>Where the line stands, in powers of ten</source>
        <translation>Où se trouve le seuil, en puissances de dix</translation>
    </message>
    <message>
        <source>Where a line stands</source>
        <translation>Où se trouve un seuil</translation>
    </message>
    <message>
        <source>A law or plan put in force</source>
        <translation>Une loi ou un projet mis en vigueur</translation>
    </message>
    <message>
        <source>A plan in force</source>
        <translation>Un projet en vigueur</translation>
    </message>
    <message>
        <source>&amp;Use this</source>
        <translation>&amp;Utiliser ceci</translation>
    </message>
    <message>
        <source>Takes these tokens as your answer. Undo brings yours back.</source>
        <translation>Prend ces tokens comme réponse. Annuler ramène la vôtre.</translation>
    </message>
    <message>
        <source>&amp;Put everything back</source>
        <translation>Tout re&amp;mettre</translation>
    </message>
    <message>
        <source>Back to your &amp;release</source>
        <translation>Retour à votre &amp;publication</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Aucun</translation>
    </message>
    <message>
        <source>You did no training of your own.</source>
        <translation>Vous n’avez rien entraîné vous-même.</translation>
    </message>
    <message>
        <source>{count} tokens</source>
        <translation>{count} tokens</translation>
    </message>
    <message>
        <source>{hours} hours</source>
        <translation>{hours} heures</translation>
    </message>
    <message>
        <source>This is your release as it is. Move something.</source>
        <translation>Voici votre publication telle quelle. Déplacez quelque chose.</translation>
    </message>
    <message>
        <source>What if: {answer}</source>
        <translation>Et si : {answer}</translation>
    </message>
    <message>
        <source>No law would say anything else.</source>
        <translation>Aucune loi ne dirait autre chose.</translation>
    </message>
    <message>
        <source>The answer stays. This would read otherwise:</source>
        <translation>La réponse reste. Ceci se lirait autrement :</translation>
    </message>
    <message>
        <source>This would change:</source>
        <translation>Ceci changerait :</translation>
    </message>
    <message>
        <source>now: {words}</source>
        <translation>maintenant : {words}</translation>
    </message>
    <message>
        <source>caught then</source>
        <translation>alors visé</translation>
    </message>
    <message>
        <source>free then</source>
        <translation>alors libre</translation>
    </message>
    <message>
        <source>{flop} FLOP</source>
        <translation>{flop} FLOP</translation>
    </message>
    <message>
        <source>{new} more would be caught, {freed} fewer.</source>
        <translation>{new} de plus seraient visés, {freed} de moins.</translation>
    </message>
    <message>
        <source>Among {count} well-known models</source>
        <translation>Parmi {count} modèles connus</translation>
    </message>
    <message>
        <source>Which</source>
        <translation>Lesquels</translation>
    </message>
    <message>
        <source>This can be tried, but not kept.</source>
        <translation>Cela s’essaie, mais ne se garde pas.</translation>
    </message>
    <message>
        <source>Your files say what the run was, and they count.</source>
        <translation>Vos fichiers disent ce qu’a été l’entraînement, et ils comptent.</translation>
    </message>
    <message>
        <source>Use this</source>
        <translation>Utiliser ceci</translation>
    </message>
</context>
<context>
    <name>Wizard</name>
    <message>
        <source>Ten minutes, on this computer only. You get its weight, what applies to you, and a model card.</source>
        <translation>Dix minutes, sur cet ordinateur seulement. Vous obtenez son poids, ce qui s’applique à vous, et une fiche du modèle.</translation>
    </message>
    <message>
        <source>What did you train?</source>
        <translation>Qu’avez-vous entraîné ?</translation>
    </message>
    <message>
        <source>&amp;Continue</source>
        <translation>&amp;Continuer</translation>
    </message>
    <message>
        <source>&amp;Continue to your answers</source>
        <translation>&amp;Continuer vers vos réponses</translation>
    </message>
</context>
<context>
    <name>Working</name>
    <message>
        <source>&amp;Stop</source>
        <translation>&amp;Arrêter</translation>
    </message>
</context>
<context>
    <name>errors</name>
    <message>
        <source>A file could not be used.</source>
        <translation>Un fichier n’a pas pu être utilisé.</translation>
    </message>
    <message>
        <source>Check that it is still there and that you may use it, then try again.</source>
        <translation>Vérifiez qu’il est encore là et que vous y avez accès, puis réessayez.</translation>
    </message>
</context>
<context>
    <name>files</name>
    <message>
        <source>{name} was not saved.</source>
        <translation>{name} n’a pas été enregistré.</translation>
    </message>
    <message>
        <source>Choose another folder, or make room and try again.</source>
        <translation>Choisissez un autre dossier, ou libérez de la place et réessayez.</translation>
    </message>
    <message>
        <source>{name} is too large for a project file.</source>
        <translation>{name} est trop grand pour un fichier de projet.</translation>
    </message>
    <message>
        <source>Open a file that Weighbridge saved.</source>
        <translation>Ouvrez un fichier enregistré par Weighbridge.</translation>
    </message>
    <message>
        <source>{name} could not be opened.</source>
        <translation>{name} n’a pas pu être ouvert.</translation>
    </message>
    <message>
        <source>Check that the file is still there and that you may read it.</source>
        <translation>Vérifiez que le fichier est encore là et que vous pouvez le lire.</translation>
    </message>
</context>
<context>
    <name>paper</name>
    <message>
        <source>The PDF file could not be made.</source>
        <translation>Le fichier PDF n’a pas pu être fait.</translation>
    </message>
    <message>
        <source>Print it instead, or copy the text.</source>
        <translation>Imprimez-le plutôt, ou copiez le texte.</translation>
    </message>
    <message>
        <source>This machine has no fonts.</source>
        <translation>Cette machine n’a pas de polices.</translation>
    </message>
    <message>
        <source>Install a font, or write a Word file.</source>
        <translation>Installez une police, ou écrivez un fichier Word.</translation>
    </message>
</context>
</TS>
