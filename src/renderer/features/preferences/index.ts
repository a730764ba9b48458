export { PasswordDialog } from './password-dialog.tsx';
export { PreferencesDialog } from './preferences-dialog.tsx';
