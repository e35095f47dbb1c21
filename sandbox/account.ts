/** The account that error messages name. */
export const ACCOUNT = 'sandbox-account';
