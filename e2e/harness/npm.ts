/**
 * How to start npm: the one that runs this, when it was started by `npm run`. On Windows npm is a
 * script that only a shell starts.
 *
 * @returns a program and its first arguments.
 */
export function npmCommand(): [file: string, ...args: string[]] {
	const { npm_execpath: script } = process.env;
	return script?.endsWith('npm-cli.js') ? ['node', script] : ['npm'];
}
