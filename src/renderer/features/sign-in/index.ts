export { ReauthDialog } from './reauth-dialog.tsx';
export { SignIn } from './sign-in.tsx';
