import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { streamedPicture } from '../../nodes/Gemma/images/streamedPicture';
import { heic, pdf, photo, solid, truncated } from '../support/pictures';

const inChunks = (bytes: Buffer, size: number) => async () =>
	Readable.from(
		Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
			bytes.subarray(i * size, (i + 1) * size),
		),
	);
const never = async (): Promise<Buffer> => {
	throw new Error('read as a whole');
};
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

it.each([1, 7, 4100, 65_536])(
	'knows type, length and hash from chunks of %i bytes',
	async (size) => {
		const bytes = await photo({ width: 300, height: 200 });
		const picture = await streamedPicture(inChunks(bytes, size), never);
		expect(picture).toMatchObject({
			mediaType: 'image/jpeg',
			length: bytes.length,
			hash: sha256(bytes),
		});
	},
);

it('opens the stream anew for an upload, and reads the bytes when they are asked for', async () => {
	const bytes = await solid('png', 20, 20, 'red');
	const picture = (await streamedPicture(inChunks(bytes, 50), async () => bytes))!;
	for (const round of [1, 2]) {
		const content = await Readable.from(await picture.open()).toArray();
		expect([round, Buffer.concat(content as Buffer[]).equals(bytes)]).toEqual([round, true]);
	}
	expect(await picture.bytes()).toBe(bytes);
});

it.each<[string, () => Promise<Buffer>]>([
	['a WebP', async () => await solid('webp', 20, 20, 'red')],
	['a GIF', async () => await solid('gif', 20, 20, 'red')],
	['a large TIFF', async () => await solid('tiff', 400, 400, 'red')],
	['a PDF', async () => pdf()],
	['a HEIC', async () => heic()],
	['text', async () => Buffer.from('Hello')],
	['nothing', async () => Buffer.alloc(0)],
])('%s cannot be sent from a stream', async (_, make) => {
	expect(await streamedPicture(inChunks(await make(), 64), never)).toBeUndefined();
});

it.each<[string, (png: Buffer, jpeg: Buffer) => Buffer]>([
	['a PNG that is cut off', (png) => png.subarray(0, -1)],
	['a JPEG that is cut off', (_, jpeg) => jpeg.subarray(0, -1)],
	['a PNG with something behind it', (png) => Buffer.concat([png, Buffer.from('\n')])],
	['a PNG that ends like a JPEG', (png, jpeg) => Buffer.concat([png, jpeg.subarray(-2)])],
])('%s has to be read as a whole', async (_, change) => {
	const [png, jpeg] = [await solid('png', 20, 20, 'red'), await solid('jpeg', 20, 20, 'red')];
	for (const size of [1, 64])
		expect(await streamedPicture(inChunks(change(png, jpeg), size), never)).toBeUndefined();
});

it('a stream that breaks is an error', async () => {
	const bytes = truncated(await photo({ width: 100, height: 100 }));
	const broken = async () =>
		Readable.from(
			(async function* () {
				yield bytes;
				throw new Error('The file is gone');
			})(),
		);
	await expect(streamedPicture(broken, never)).rejects.toThrow('The file is gone');
});

it('30 MB pass without staying in memory', async () => {
	setFlagsFromString('--expose-gc');
	const collect = runInNewContext('gc') as () => void;
	const head = await solid('png', 8, 8, 'red');
	const end = head.subarray(-2);
	const chunks = 30 * 16;
	const hash = createHash('sha256').update(head);
	let most = 0;
	async function* picture() {
		yield head;
		for (let i = 0; i < chunks; i++) {
			const chunk = Buffer.alloc(65_536, i);
			hash.update(chunk);
			yield chunk;
			if (i % 40 !== 39) continue;
			collect();
			most = Math.max(most, process.memoryUsage().arrayBuffers);
		}
		hash.update(end);
		yield end;
	}
	collect();
	const before = process.memoryUsage().arrayBuffers;
	const streamed = await streamedPicture(async () => Readable.from(picture()), never);
	expect(streamed).toMatchObject({
		length: head.length + 30 * 1024 * 1024 + end.length,
		hash: hash.digest('hex'),
	});
	expect(most).toBeGreaterThan(0);
	expect(most - before).toBeLessThan(6 * 1024 * 1024);
});
