@echo off
rem Builds Tallystick when its sources are newer than the last build, then runs it with the given arguments.
setlocal EnableExtensions
set "TALLYSTICK_ROOT=%~dp0"
set "TALLYSTICK_BIN=%~dp0src\Tallystick.Cli\bin\Release"

where dotnet >nul 2>nul
if errorlevel 1 (
  echo tallystick: please install the .NET SDK 10 ^(https://dot.net/download^), then run this again. 1>&2
  exit /b 1
)

rem The mutex lets only one launcher build; another one that starts meanwhile waits and then finds the work done.
powershell -NoProfile -ExecutionPolicy Bypass -Command ^
  "$root = $env:TALLYSTICK_ROOT; $bin = $env:TALLYSTICK_BIN; $stamp = Join-Path $bin '.built';" ^
  "function Changed {" ^
  "  if (-not (Test-Path $stamp) -or -not (Test-Path (Join-Path $bin 'net10.0\tallystick.dll'))) { return $true };" ^
  "  $built = (Get-Item $stamp -Force).LastWriteTimeUtc;" ^
  "  $tops = 'Directory.Build.props', 'Directory.Packages.props', 'global.json' | ForEach-Object { Get-Item (Join-Path $root $_) };" ^
  "  $files = @(Get-ChildItem (Join-Path $root 'src') -Recurse -Force | Where-Object { $_.FullName.Substring($root.Length) -notmatch '\\(bin|obj)(\\|$)' });" ^
  "  return [bool](($files + $tops) | Where-Object { $_.LastWriteTimeUtc -gt $built } | Select-Object -First 1) };" ^
  "if (-not (Changed)) { exit 0 };" ^
  "$hash = [BitConverter]::ToString([Security.Cryptography.SHA256]::Create().ComputeHash([Text.Encoding]::UTF8.GetBytes($root.ToLowerInvariant()))).Replace('-', '');" ^
  "$mutex = New-Object Threading.Mutex($false, ('Local\tallystick-' + $hash));" ^
  "try { [void]$mutex.WaitOne() } catch [Threading.AbandonedMutexException] { };" ^
  "if (-not (Changed)) { exit 0 };" ^
  "if (-not (dotnet --list-sdks | Select-String '^10\.')) { [Console]::Error.WriteLine('tallystick: please install the .NET SDK 10 (https://dot.net/download), then run this again.'); exit 1 };" ^
  "[Console]::Error.WriteLine('Building Tallystick (only when its sources changed; about a minute the first time) ...');" ^
  "[void](New-Item -ItemType Directory -Force $bin);" ^
  "Get-ChildItem (Join-Path $root 'src') -Directory | ForEach-Object { [void](New-Item -ItemType Directory -Force (Join-Path $_.FullName 'bin'), (Join-Path $_.FullName 'obj')) };" ^
  "$start = [DateTime]::UtcNow; Set-Location $root;" ^
  "$log = dotnet build src/Tallystick.Cli --configuration Release --verbosity quiet --disable-build-servers -nodeReuse:false 2>&1;" ^
  "if ($LASTEXITCODE -ne 0) { $log | ForEach-Object { [Console]::Error.WriteLine($_) }; [Console]::Error.WriteLine('tallystick: the build failed; the reason is above.'); exit 1 };" ^
  "[void](New-Item -ItemType File -Force $stamp); (Get-Item $stamp -Force).LastWriteTimeUtc = $start"
if errorlevel 1 exit /b 1

dotnet "%TALLYSTICK_BIN%\net10.0\tallystick.dll" %*
exit /b %ERRORLEVEL%
