import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const read = (file: string) =>
	readFileSync(join(__dirname, '../fixtures/certificates', `${file}.pem`), 'utf8');

const pair = (name: string) => ({ cert: read(`${name}.cert`), key: read(`${name}.key`) });

/** PEM of the private authority that signed `trusted` and `otherHost`. */
export const authority = read('ca.cert');

/** For localhost and 127.0.0.1, signed by `authority`. */
export const trusted = pair('server');

/** Signed by `authority`, for elsewhere.example only. */
export const otherHost = pair('other-host');

/** For localhost and 127.0.0.1, signed by itself. */
export const selfSigned = pair('self-signed');
