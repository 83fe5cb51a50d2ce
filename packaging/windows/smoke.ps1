<#
.SYNOPSIS
Installs a set-up on this very Windows, sees that what is installed works, upgrades it while it runs, and removes it.

.DESCRIPTION
For machines that are thrown away afterwards, such as those of the workflow: it writes to the user's own menu, registry
and Credential Locker. Its counterpart under Wine, with an account in it, is tests/packaging/test_windows_setup.py.
#>
param([Parameter(Mandatory)] [string] $Setup)

$ErrorActionPreference = "Stop"
$place = Join-Path $env:LOCALAPPDATA "Programs\trayapp"
$program = Join-Path $place "trayapp.exe"
$shortcut = Join-Path ([Environment]::GetFolderPath("Programs")) "trayapp.lnk"
$run = "HKCU:\Software\Microsoft\Windows\CurrentVersion\Run"

function Assert([bool] $holds, [string] $what) {
    if (-not $holds) { throw "not so: $what" }
    Write-Host "ok  $what"
}

function Invoke-SetUp([string] $file, [string[]] $arguments) {
    (Start-Process -FilePath $file -ArgumentList $arguments -Wait -PassThru).ExitCode
}

function Test-Trayapp([int] $code, [string[]] $words) {
    $said = & $program @words 2>&1 | Out-String
    Assert ($LASTEXITCODE -eq $code) "trayapp $words ends with $code"
    $said
}

function Wait-For([scriptblock] $condition, [string] $what) {
    $until = (Get-Date).AddSeconds(60)
    while (-not (& $condition)) {
        if ((Get-Date) -gt $until) { throw "did not come: $what" }
        Start-Sleep -Milliseconds 200
    }
    Write-Host "ok  $what"
}

function Get-Cause { (& $program status --json | ConvertFrom-Json).cause }
function Get-Trays { @(Get-Process -Name trayappw -ErrorAction SilentlyContinue) }

Assert ((Invoke-SetUp $Setup "/S", "/AUTOSTART=1") -eq 0) "the set-up succeeds"
Test-Trayapp 0 "--version" | Write-Host
Test-Trayapp 0 "autostart", "status" | Write-Host
Assert ((Get-ItemProperty $run).trayapp -eq "`"$place\trayappw.exe`" run") "the Run key names the program"

$item = (New-Object -ComObject Shell.Application).Namespace((Split-Path $shortcut)).ParseName("trayapp.lnk")
Assert ($item.ExtendedProperty("System.AppUserModel.ID") -eq "trayapp") "the shortcut bears the notifications' identity"

# The credential store and the notifications are Windows' own here.
$steps = & $program doctor --json | ConvertFrom-Json
$byName = @{}
foreach ($step in $steps) { $byName[$step.step] = $step }
Assert ($byName["keyring"].outcome -eq "well") "the Credential Locker can be used: $($byName['keyring'].sentence)"
Assert ($byName["notification"].outcome -eq "well") "a notification is accepted: $($byName['notification'].sentence)"

Start-Process -FilePath (Join-Path $place "trayappw.exe") -ArgumentList "run"
Wait-For { (Get-Cause) -eq "no-account" -and (Test-Path (Join-Path $env:LOCALAPPDATA "trayapp\Logs\trayapp.log")) } "it runs"
$before = (Get-Trays).Id
$second = Start-Process -FilePath (Join-Path $place "trayappw.exe") -ArgumentList "run" -Wait -PassThru
Assert ($second.ExitCode -eq 0) "a second start ends quietly"
Assert ((Get-Trays).Id -eq $before) "and the first goes on"

Assert ((Invoke-SetUp $Setup "/S") -eq 0) "an upgrade over a running one succeeds"
Wait-For { (Get-Trays).Count -eq 1 -and (Get-Trays).Id -ne $before } "the new one runs"

Assert ((Invoke-SetUp (Join-Path $place "uninstall.exe") "/S", "_?=$place") -eq 0) "it is removed"
Wait-For { (Get-Trays).Count -eq 0 } "nothing of it runs"
Assert (-not (Test-Path $shortcut)) "the menu has no entry any more"
Assert ($null -eq (Get-ItemProperty $run).trayapp) "the Run key has none either"
Assert (-not (Test-Path (Join-Path $place "_internal"))) "the program's files are gone"
