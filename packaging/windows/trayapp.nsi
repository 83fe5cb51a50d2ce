; The set-up for Windows: of one user, without an administrator.
;
; makensis -DVERSION=0.1.0 -DFOLDER=<PyInstaller's folder> -DICON=<trayapp.ico> -DSETUP=<the set-up to write> trayapp.nsi
;
; /S installs without asking, /D=<folder> elsewhere, /AUTOSTART=1 or 0 switches the start at login on or off. Without
; /AUTOSTART a silent set-up leaves that switch as it is. Exit code 2: a running trayapp is in the way; nothing was changed.

Unicode true
Target amd64-unicode
!include MUI2.nsh
!include LogicLib.nsh
!include FileFunc.nsh
!include WinVer.nsh
!include Win\COM.nsh
!include Win\Propkey.nsh

!define APP "trayapp"
; Notifications are shown under this identity, which the menu's shortcut has to bear as well:
; https://learn.microsoft.com/en-us/windows/win32/shell/enable-desktop-toast-with-appusermodelid
!define IDENTITY "trayapp"
!define RUN "Software\Microsoft\Windows\CurrentVersion\Run"
!define APPROVED "Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
!define INSTALLED "Software\Microsoft\Windows\CurrentVersion\Uninstall\${APP}"
!define SECONDS_TO_END 10

Name "${APP}"
OutFile "${SETUP}"
InstallDir "$LOCALAPPDATA\Programs\${APP}"
InstallDirRegKey HKCU "${INSTALLED}" "InstallLocation"
RequestExecutionLevel user
SetCompressor /SOLID lzma
CRCCheck force
ManifestDPIAware true
VIProductVersion "${VERSION}.0"
VIAddVersionKey ProductName "${APP}"
VIAddVersionKey ProductVersion "${VERSION}"
VIAddVersionKey FileVersion "${VERSION}"
VIAddVersionKey FileDescription "${APP} set-up"
VIAddVersionKey LegalCopyright "MIT licence"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_COMPONENTSPAGE_NODESC
!define MUI_FINISHPAGE_RUN "$INSTDIR\trayappw.exe"
!define MUI_FINISHPAGE_RUN_PARAMETERS "run"
!define MUI_FINISHPAGE_RUN_TEXT "Start ${APP} now"
!insertmacro MUI_PAGE_COMPONENTS
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "Japanese"

LangString IN_THE_WAY ${LANG_ENGLISH} "A window of ${APP} is open, or ${APP} does not end. Close it and try again."
LangString IN_THE_WAY ${LANG_JAPANESE} "${APP} のウィンドウが開いているか、${APP} が終了しません。閉じてからもう一度試してください。"
LangString NEEDS_64_BIT ${LANG_ENGLISH} "${APP} needs Windows 10 or newer, of 64 bits."
LangString NEEDS_64_BIT ${LANG_JAPANESE} "${APP} には 64 ビット版の Windows 10 以降が必要です。"
LangString AT_LOGIN ${LANG_ENGLISH} "Start at login"
LangString AT_LOGIN ${LANG_JAPANESE} "ログイン時に起動する"
LangString YOUR_DATA ${LANG_ENGLISH} "Settings and alerts stay in $LOCALAPPDATA\${APP}; the key leaves with: trayapp logout"
LangString YOUR_DATA ${LANG_JAPANESE} "設定とアラートは $LOCALAPPDATA\${APP} に残ります。キーは trayapp logout で削除できます。"

Var WasRunning
Var LeaveAutostart

; Ends the running copy as its owner would, so that what it has under way is finished, and gives whether there was one
; in $WasRunning. Whatever still holds the program's file then, such as an open window, is the owner's to close: to end
; a program by its name could end another installation's.
!macro EndRunning un
Function ${un}EndRunning
  StrCpy $WasRunning 0
  IfFileExists "$INSTDIR\trayapp.exe" 0 done
  nsExec::ExecToStack '"$INSTDIR\trayapp.exe" quit --wait ${SECONDS_TO_END}'
  Pop $0
  Pop $1
  ${If} $0 == 0
    StrCpy $WasRunning 1
  ${EndIf}
  StrCpy $2 0
  again:
    Call ${un}InTheWay
    Pop $0
    ${If} $0 == 0
      Goto done
    ${EndIf}
    IntOp $2 $2 + 1
    ${If} $2 < 20
      ; Windows lets go of the files of a program that has ended a moment later.
      Sleep 250
      Goto again
    ${EndIf}
    StrCpy $2 0
    MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(IN_THE_WAY)" /SD IDCANCEL IDRETRY again
    SetErrorLevel 2
    Quit
  done:
FunctionEnd

; Pushes 1 while somebody runs one of the programs: Windows opens none of these for writing then.
Function ${un}InTheWay
  Push $3
  StrCpy $4 0
  ClearErrors
  ${If} ${FileExists} "$INSTDIR\trayapp.exe"
    FileOpen $3 "$INSTDIR\trayapp.exe" a
    ${If} ${Errors}
      StrCpy $4 1
    ${Else}
      FileClose $3
    ${EndIf}
  ${EndIf}
  ClearErrors
  ${If} ${FileExists} "$INSTDIR\trayappw.exe"
    FileOpen $3 "$INSTDIR\trayappw.exe" a
    ${If} ${Errors}
      StrCpy $4 1
    ${Else}
      FileClose $3
    ${EndIf}
  ${EndIf}
  ClearErrors
  Pop $3
  Push $4
FunctionEnd
!macroend
!insertmacro EndRunning ""
!insertmacro EndRunning "un."

Section "-${APP}"
  Call EndRunning
  SetOutPath "$INSTDIR"
  RMDir /r "$INSTDIR\_internal"
  File /r "${FOLDER}/*"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  WriteRegStr HKCU "${INSTALLED}" "DisplayName" "${APP}"
  WriteRegStr HKCU "${INSTALLED}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${INSTALLED}" "DisplayIcon" "$INSTDIR\trayappw.exe"
  WriteRegStr HKCU "${INSTALLED}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${INSTALLED}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${INSTALLED}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${INSTALLED}" "NoModify" 1
  WriteRegDWORD HKCU "${INSTALLED}" "NoRepair" 1
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  WriteRegDWORD HKCU "${INSTALLED}" "EstimatedSize" "$0"
  Call WriteShortcut
SectionEnd

Section "$(AT_LOGIN)" AtLogin
SectionEnd

Section "-the switch, and the start"
  ${If} $LeaveAutostart == 0
    ${If} ${SectionIsSelected} ${AtLogin}
      nsExec::ExecToLog '"$INSTDIR\trayapp.exe" autostart on'
    ${Else}
      nsExec::ExecToLog '"$INSTDIR\trayapp.exe" autostart off'
    ${EndIf}
    Pop $0
  ${EndIf}
  ; What was running before an upgrade goes on; what was not is started on the last page, if at all.
  ${If} $WasRunning == 1
    Exec '"$INSTDIR\trayappw.exe" run'
  ${EndIf}
SectionEnd

Function .onInit
  StrCpy $LeaveAutostart 0
  ${IfNot} ${AtLeastWin10}
    MessageBox MB_OK|MB_ICONSTOP "$(NEEDS_64_BIT)" /SD IDOK
    SetErrorLevel 3
    Quit
  ${EndIf}
  ClearErrors
  ${GetParameters} $0
  ${GetOptions} $0 "/AUTOSTART=" $1
  ${IfNot} ${Errors}
    ${If} $1 == 0
      !insertmacro UnselectSection ${AtLogin}
    ${EndIf}
    Return
  ${EndIf}
  ${If} ${Silent}
    StrCpy $LeaveAutostart 1
  ${EndIf}
  ; An upgrade shows the switch as it stands.
  ReadRegStr $0 HKCU "${INSTALLED}" "InstallLocation"
  ReadRegStr $1 HKCU "${RUN}" "${APP}"
  ${If} $0 != ""
  ${AndIf} $1 == ""
    !insertmacro UnselectSection ${AtLogin}
  ${EndIf}
FunctionEnd

; CreateShortcut knows nothing of the identity, so the shortcut is made by the shell's own interfaces.
Function WriteShortcut
  !insertmacro ComHlpr_CreateInProcInstance ${CLSID_ShellLink} ${IID_IShellLink} r0 ""
  ${If} $0 P<> 0
    ${IShellLink::SetPath} $0 '("$INSTDIR\trayappw.exe")'
    ${IShellLink::SetArguments} $0 '("run")'
    ${IShellLink::SetWorkingDirectory} $0 '("$INSTDIR")'
    ${IUnknown::QueryInterface} $0 '("${IID_IPropertyStore}",.r1)'
    ${If} $1 P<> 0
      System::Call '*(&w64 "${IDENTITY}")p.r4'
      System::Call '*${SYSSTRUCT_PROPERTYKEY}(${PKEY_AppUserModel_ID})p.r2'
      System::Call '*${SYSSTRUCT_PROPVARIANT}(${VT_LPWSTR},,p r4)p.r3'
      ${IPropertyStore::SetValue} $1 '($2,$3)'
      ${IPropertyStore::Commit} $1 ""
      System::Free $2
      System::Free $3
      System::Free $4
      ${IUnknown::Release} $1 ""
    ${EndIf}
    ${IUnknown::QueryInterface} $0 '("${IID_IPersistFile}",.r1)'
    ${If} $1 P<> 0
      ${IPersistFile::Save} $1 '("$SMPROGRAMS\${APP}.lnk",1)'
      ${IUnknown::Release} $1 ""
    ${EndIf}
    ${IUnknown::Release} $0 ""
  ${EndIf}
FunctionEnd

Section "Uninstall"
  Call un.EndRunning
  Delete "$SMPROGRAMS\${APP}.lnk"
  DeleteRegValue HKCU "${RUN}" "${APP}"
  DeleteRegValue HKCU "${APPROVED}" "${APP}"
  ; Written by the notifications' library.
  DeleteRegKey HKCU "Software\Classes\AppUserModelId\${IDENTITY}"
  DeleteRegKey HKCU "${INSTALLED}"
  RMDir /r "$INSTDIR\_internal"
  Delete "$INSTDIR\trayapp.exe"
  Delete "$INSTDIR\trayappw.exe"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  DetailPrint "$(YOUR_DATA)"
SectionEnd
