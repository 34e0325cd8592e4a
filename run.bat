@echo off
rem Opens the product with the fictional partnership in it: the three lines of the README for Windows.
rem With a council's code, as in run.bat E09000003, it opens on that council's published figures.
cd /d "%~dp0"
if not exist .venv\Scripts\python.exe py -3 -m venv .venv
if errorlevel 1 (
    echo Python 3.11 or newer is needed: https://www.python.org/downloads/
    exit /b 1
)
.venv\Scripts\python -m pip install --quiet --disable-pip-version-check -r requirements.txt
if errorlevel 1 exit /b 1
if "%~1"=="" (
    .venv\Scripts\python -m demo --serve
) else (
    .venv\Scripts\python -m demo --serve --area "%~1"
)
