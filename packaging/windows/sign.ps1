# SPDX-License-Identifier: Apache-2.0
# Signs the files given, with the certificate (base64 of a .pfx) in CERTIFICATE and its PASSWORD. NOT RUN YET.
$ErrorActionPreference = 'Stop'
$pfx = Join-Path $env:RUNNER_TEMP 'certificate.pfx'
[IO.File]::WriteAllBytes($pfx, [Convert]::FromBase64String($env:CERTIFICATE))
$tool = Get-ChildItem "${env:ProgramFiles(x86)}\Windows Kits\10\bin\*\x64\signtool.exe" | Sort-Object FullName | Select-Object -Last 1
try {
    & $tool.FullName sign /fd sha256 /tr http://timestamp.digicert.com /td sha256 /f $pfx /p $env:PASSWORD @args
    if ($LASTEXITCODE -ne 0) { throw 'signtool failed' }
}
finally {
    Remove-Item $pfx
}
