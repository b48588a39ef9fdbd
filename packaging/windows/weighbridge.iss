; SPDX-License-Identifier: Apache-2.0
; Inno Setup 6: per user, no administrator. Build: iscc /DAppVersion=0.1.0 /DPublisher=… /DHomepage=… packaging\windows\weighbridge.iss
; NOT RUN YET: there is no Windows in the place where this was written. See docs/releasing.md.
#ifndef AppVersion
  #error Give the version: iscc /DAppVersion=X.Y.Z
#endif
#ifndef Publisher
  #error Give what packaging\freeze\version_info.py says: iscc /DPublisher=… /DHomepage=…
#endif

[Setup]
AppId={{6B0C5C9E-5D0F-4F0B-9A57-0B5A6E5F7D11}
AppName=Weighbridge
AppVersion={#AppVersion}
AppPublisher={#Publisher}
AppPublisherURL={#Homepage}
DefaultDirName={autopf}\Weighbridge
DefaultGroupName=Weighbridge
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
LicenseFile=..\..\LICENSE
SetupIconFile=..\icons\weighbridge.ico
UninstallDisplayIcon={app}\weighbridge.exe
OutputDir=..\..\dist
OutputBaseFilename=weighbridge-{#AppVersion}-windows-x64-setup
Compression=lzma2/max
SolidCompression=yes
ChangesAssociations=yes
WizardStyle=modern

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"

[Tasks]
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked

[InstallDelete]
; An upgrade leaves no file of the old version. Projects and settings are in the person's own folders.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "..\..\dist\weighbridge\*"; DestDir: "{app}"; Flags: recursesubdirs ignoreversion

[Icons]
Name: "{group}\Weighbridge"; Filename: "{app}\weighbridge.exe"
Name: "{autodesktop}\Weighbridge"; Filename: "{app}\weighbridge.exe"; Tasks: desktopicon

[Registry]
; Windows ties a file type to what follows the last dot, and that is .json here: offered under "Open with", not taken.
Root: HKA; Subkey: "Software\Classes\Weighbridge.Project"; ValueType: string; ValueData: "Weighbridge project"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\Weighbridge.Project\DefaultIcon"; ValueType: string; ValueData: "{app}\weighbridge.exe,0"
Root: HKA; Subkey: "Software\Classes\Weighbridge.Project\shell\open\command"; ValueType: string; ValueData: """{app}\weighbridge.exe"" ""%1"""
Root: HKA; Subkey: "Software\Classes\.json\OpenWithProgids"; ValueType: string; ValueName: "Weighbridge.Project"; ValueData: ""; Flags: uninsdeletevalue

[Run]
Filename: "{app}\weighbridge.exe"; Description: "{cm:LaunchProgram,Weighbridge}"; Flags: nowait postinstall skipifsilent
