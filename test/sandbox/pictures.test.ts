import sharp from 'sharp';
import { colourName } from '../../sandbox/chat/colour';
import { parseMedia } from '../../sandbox/chat/media';
import { logRequest } from '../../sandbox/requestLog';
import { toSettings } from '../../sandbox/settings';
import {
	chat,
	contentOf,
	dataUri,
	imageMessage,
	picture,
	uploadAsset,
	useSandbox,
} from './support';

const sandbox = useSandbox();
const user = (content: string) => ({ role: 'user', content });

async function refusalOf(messages: unknown[], headers = {}): Promise<string> {
	const answer = await chat(sandbox.current, { messages }, { headers });
	expect(answer.status).toBe(400);
	return JSON.parse(answer.text).error.message;
}

describe('an inline picture', () => {
	it('is described by format, size, weight and main colour, and costs 256 tokens', async () => {
		const red = await picture('png');
		const blue = await picture('jpeg', '#0000ff', { width: 100, height: 50 });
		const messages = [imageMessage(dataUri(red), dataUri(blue, 'image/jpeg'))];
		const answer = await chat(sandbox.current, { messages });
		expect(contentOf(answer)).toContain('Picture 1: PNG, 40 x 30, 0.2 kB, mainly red.');
		expect(contentOf(answer)).toMatch(/Picture 2: JPEG, 100 x 50, \d\.\d kB, mainly blue\./);
		expect(JSON.parse(answer.text).usage.prompt_tokens).toBe(4 + 5 + 1 + 2 * 256);
	});

	it.each([
		['black', { r: 0, g: 0, b: 0, alpha: 0 }],
		['red', { r: 255, g: 0, b: 0, alpha: 0.5 }],
	])('loses its alpha and shows the %s that lies under it', async (colour, background) => {
		const messages = [imageMessage(dataUri(await picture('png', background)))];
		expect(contentOf(await chat(sandbox.current, { messages }))).toContain(`mainly ${colour}`);
	});

	it.each([
		['greyscale', (image: sharp.Sharp) => image.greyscale().png(), 'image/png', 'grey'],
		['16 bit', (image: sharp.Sharp) => image.toColourspace('rgb16').png(), 'image/png', 'red'],
		['CMYK', (image: sharp.Sharp) => image.toColourspace('cmyk').jpeg(), 'image/jpeg', 'red'],
	])('in %s is read as well', async (_name, convert, mediaType, colour) => {
		const bytes = await convert(sharp(await picture('png'))).toBuffer();
		const messages = [imageMessage(dataUri(bytes, mediaType))];
		expect(contentOf(await chat(sandbox.current, { messages }))).toContain(`mainly ${colour}`);
	});

	it('may call itself image/jpg', async () => {
		const messages = [imageMessage(dataUri(await picture('jpeg'), 'image/jpg'))];
		expect((await chat(sandbox.current, { messages })).status).toBe(200);
	});

	it.each(['image/gif', 'image/webp', 'image/svg+xml', 'IMAGE/PNG', 'text/plain'])(
		'of the type %s is refused',
		async (mediaType) => {
			const messages = [imageMessage(dataUri(await picture('png'), mediaType))];
			expect(await refusalOf(messages)).toMatch(/must be a data URI/);
		},
	);

	it.each(['https://example.com/a.png', 'data:image/png,AAAA', 'iVBORw0KGgo='])(
		'given as %s is refused',
		async (url) => {
			expect(await refusalOf([imageMessage(url)])).toMatch(/must be a data URI/);
		},
	);

	it.each(['', '***', 'AAA', 'AA==AA', 'AAAA\nAAAA'])(
		'of the base64 %j is refused',
		async (text) => {
			const messages = [imageMessage(`data:image/png;base64,${text}`)];
			expect(await refusalOf(messages)).toBe('The image is not valid base64');
		},
	);

	it('whose bytes are of the other type is refused', async () => {
		const png = dataUri(await picture('png'), 'image/jpeg');
		const jpeg = dataUri(await picture('jpeg'), 'image/png');
		expect(await refusalOf([imageMessage(png)])).toMatch(/cannot be decoded as image\/jpeg/);
		expect(await refusalOf([imageMessage(jpeg)])).toMatch(/cannot be decoded as image\/png/);
	});

	it.each(['png', 'jpeg'] as const)('whose %s is cut off is refused', async (format) => {
		const size = { width: 300, height: 300 };
		const noise = { type: 'gaussian', mean: 128, sigma: 50 } as const;
		const whole = await sharp({ create: { ...size, channels: 3, background: '#000', noise } })
			.toFormat(format)
			.toBuffer();
		const half = whole.subarray(0, whole.length / 2);
		const messages = (bytes: Buffer) => [imageMessage(dataUri(bytes, `image/${format}`))];
		expect((await chat(sandbox.current, { messages: messages(whole) })).status).toBe(200);
		expect(await refusalOf(messages(half))).toMatch(/cannot be decoded/);
	});

	it('is refused when one of several is broken', async () => {
		const good = dataUri(await picture('png'));
		expect(await refusalOf([imageMessage(good, good.slice(0, -40))])).toMatch(/decoded|base64/);
	});

	it('is held to the limit of a request, all pictures together', async () => {
		const base64 = (await picture('png')).toString('base64');
		const messages = [imageMessage(...[1, 2].map(() => `data:image/png;base64,${base64}`))];
		sandbox.current.settings.inlineLimit = 2 * base64.length;
		expect((await chat(sandbox.current, { messages })).status).toBe(200);
		sandbox.current.settings.inlineLimit -= 1;
		expect(await refusalOf(messages)).toContain(`the limit is ${2 * base64.length - 1}`);
	});
});

describe('a tag in a string content', () => {
	it.each([
		['<img src="URI" />'],
		['<img src="URI"/>'],
		['<img src="URI">'],
		["<IMG SRC='URI'>"],
		['< img src="URI" >'],
		['<\n img alt="a > b" src = "URI" hidden />'],
		['<img/src=URI >'],
	])('%s is a picture', async (tag) => {
		const uri = dataUri(await picture('png'));
		const messages = [user(`Before ${tag.replace('URI', () => uri)} after`)];
		const answer = await chat(sandbox.current, { messages });
		expect(contentOf(answer)).toContain('Picture 1: PNG, 40 x 30');
		expect(contentOf(answer)).toContain('"Before after"');
		expect(JSON.parse(answer.text).usage.prompt_tokens).toBe(4 + 5 + 4 + 256);
	});

	it('may be all there is, and there may be several', async () => {
		const tag = `<img src="${dataUri(await picture('png'))}" />`;
		const answer = await chat(sandbox.current, { messages: [user(tag + tag)] });
		expect(contentOf(answer)).toContain('Picture 2');
	});

	it.each([
		'&lt;img src="x">',
		'<image src="x">',
		'<img src="x',
		'<img src=\'x" >',
		'</img>',
		'<img',
	])('%s is text', async (text) => {
		const answer = await chat(sandbox.current, { messages: [user(text)] });
		expect(answer.status).toBe(200);
		expect(contentOf(answer)).toContain(`"${text}"`);
	});

	it.each(['<img>', '<img alt="x" />', '<img src="https://example.com/x.png">', '<img src=x >'])(
		'%s is refused',
		async (tag) => {
			expect(await refusalOf([user(`Look: ${tag}`)])).toMatch(/must be a data URI/);
		},
	);

	it.each(['audio', 'video', 'VIDEO'])('of %s is refused', async (name) => {
		expect(await refusalOf([user(`<${name} src="data:x" />`)])).toBe(
			`This model takes no ${name.toLowerCase()}`,
		);
	});

	it('is refused in system and assistant messages', async () => {
		const content = `<img src="${dataUri(await picture('png'))}" />`;
		expect(await refusalOf([{ role: 'system', content }, user('x')])).toMatch(/not in system/);
		expect(await refusalOf([user('x'), { role: 'assistant', content }])).toMatch(
			/not in assistant/,
		);
	});

	it('is text inside a text part', async () => {
		const content = [{ type: 'text', text: '<img src="x">' }];
		const answer = await chat(sandbox.current, { messages: [{ role: 'user', content }] });
		expect(contentOf(answer)).toContain('"<img src="x">"');
	});

	it('of 20 MB is read and written down without trouble', () => {
		const base64 = 'A'.repeat(20_000_000);
		const content = `<img src=data:image/png;base64,${base64}> Look`;
		const { text, pictures } = parseMedia(content, false);
		expect(text).toBe(' Look');
		expect(pictures).toEqual([{ kind: 'inline', mediaType: 'image/png', base64 }]);
		const body = Buffer.from(JSON.stringify({ content }));
		const url = new URL('http://sandbox/v1/chat/completions');
		const request = {
			method: 'POST',
			url,
			headers: {},
			body,
			isOversize: false,
			bytes: body.length,
		};
		const logged = logRequest([], 'api', request, toSettings({}));
		expect(logged.body).toEqual({
			content: expect.stringMatching(/^<img .*…20000000 characters> Look$/),
		});
	});
});

describe('a picture by asset', () => {
	const tag = (id: string, type = 'image/png') =>
		user(`<img src="data:${type};asset_id,${id}" /> Look`);
	const listing = (...ids: string[]) => ({ 'NVCF-INPUT-ASSET-REFERENCES': ids.join(',') });

	it('is seen when the header lists it', async () => {
		const id = await uploadAsset(sandbox.current, await picture('png', '#00ff00'));
		const other = await uploadAsset(sandbox.current, await picture('jpeg'), 'image/jpeg');
		const messages = [tag(id)];
		const headers = listing(other, id);
		const answer = await chat(sandbox.current, { messages }, { headers });
		expect(contentOf(answer)).toContain('mainly green');
		expect(JSON.parse(answer.text).usage.prompt_tokens).toBeGreaterThan(256);
	});

	it('is refused when the header is missing or lists others', async () => {
		const id = await uploadAsset(sandbox.current, await picture('png'));
		const other = await uploadAsset(sandbox.current, await picture('png'));
		expect(await refusalOf([tag(id)])).toMatch(/not listed in the header/);
		expect(await refusalOf([tag(id)], listing(other))).toMatch(/not listed in the header/);
	});

	it('that does not exist is 404', async () => {
		const headers = listing('nowhere');
		const answer = await chat(sandbox.current, { messages: [tag('nowhere')] }, { headers });
		expect(answer.status).toBe(404);
		expect(JSON.parse(answer.text).detail).toMatch(
			/^Asset 'nowhere' does not exist for account '.+'$/,
		);
	});

	it('that was never uploaded is refused', async () => {
		const id = await uploadAsset(sandbox.current, await picture('png'));
		const asset = sandbox.current.assets.get(id);
		if (asset) asset.uploaded = false;
		expect(await refusalOf([tag(id)], listing(id))).toMatch(/never uploaded/);
	});

	it('of another media type than the tag says is refused', async () => {
		const id = await uploadAsset(sandbox.current, await picture('png'));
		expect(await refusalOf([tag(id, 'image/jpeg')], listing(id))).toMatch(/is image\/png, not/);
	});

	it('that holds no picture is refused', async () => {
		const id = await uploadAsset(sandbox.current, Buffer.from('text'));
		expect(await refusalOf([tag(id)], listing(id))).toMatch(/cannot be decoded/);
	});

	it('may be one of ten, not of eleven', async () => {
		const bytes = await picture('png');
		const ids = await Promise.all(
			Array.from({ length: 11 }, () => uploadAsset(sandbox.current, bytes)),
		);
		const ten = ids.slice(0, 10);
		const answer = await chat(
			sandbox.current,
			{ messages: [tag(ids[0])] },
			{ headers: listing(...ten) },
		);
		expect(answer.status).toBe(200);
		expect(await refusalOf([tag(ids[0])], listing(...ids))).toMatch(/at most 10 ids/);
		const long = { 'NVCF-INPUT-ASSET-REFERENCES': ten.join(', ') };
		expect(await refusalOf([tag(ids[0])], long)).toMatch(/in 378 characters/);
	});

	it('is text to a server that ignores assets, and costs no picture’s tokens', async () => {
		sandbox.current.settings.ignoresAssets = true;
		const id = await uploadAsset(sandbox.current, await picture('png'));
		const answer = await chat(sandbox.current, { messages: [tag(id)] }, { headers: listing(id) });
		expect(contentOf(answer)).toContain('<img src=');
		expect(contentOf(answer)).not.toContain('Picture');
		expect(JSON.parse(answer.text).usage.prompt_tokens).toBeLessThan(256);
	});
});

describe('a colour', () => {
	it.each([
		['#000000', 'black'],
		['#ffffff', 'white'],
		['#808080', 'grey'],
		['#ff0000', 'red'],
		['#ff00a0', 'pink'],
		['#ff8800', 'orange'],
		['#7a4a10', 'brown'],
		['#ffff00', 'yellow'],
		['#00aa00', 'green'],
		['#00ffff', 'cyan'],
		['#0000ff', 'blue'],
		['#8000ff', 'purple'],
		['#ff0010', 'red'],
	])('%s is called %s', (hex, name) => {
		const [red, green, blue] = Buffer.from(hex.slice(1), 'hex');
		expect(colourName(red, green, blue)).toBe(name);
	});
});
