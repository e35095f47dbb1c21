import type { Road } from '../images/road';
import { tokenCount } from '../reply/usage';
import type { Usage } from '../transport/api';

/** What a run has sent and used, for people who pay for it. */
export class Totals {
	private readonly began = performance.now();
	private requests = 0;
	private retries = 0;
	private promptTokens = 0;
	private completionTokens = 0;
	private readonly pictures = {
		inline: { count: 0, bytes: 0 },
		asset: { count: 0, bytes: 0 },
	};

	/** @param attempt 0 for the first. */
	countRequest(attempt: number): void {
		this.requests++;
		if (attempt > 0) this.retries++;
	}

	countUsage(usage: Usage | undefined): void {
		this.promptTokens += tokenCount(usage?.prompt_tokens) ?? 0;
		this.completionTokens += tokenCount(usage?.completion_tokens) ?? 0;
	}

	/** @param bytes in all; 0 where they are not known. */
	countPictures(road: Road, count: number, bytes: number): void {
		const { [road]: sum } = this.pictures;
		sum.count += count;
		sum.bytes += bytes;
	}

	/** One line; undefined when nothing was asked. */
	text(items: number): string | undefined {
		if (this.requests === 0) return undefined;
		const seconds = (performance.now() - this.began) / 1000;
		const { inline, asset } = this.pictures;
		const parts = [
			`${counted(this.requests, 'request')}${this.retries > 0 ? ` (${this.retries} of them retries)` : ''}`,
			`${number(this.promptTokens)} prompt and ${number(this.completionTokens)} completion tokens`,
			inline.count > 0 && `${counted(inline.count, 'picture')} inline${size(inline.bytes)}`,
			asset.count > 0 && `${counted(asset.count, 'picture')} by asset${size(asset.bytes)}`,
			`${seconds.toFixed(seconds < 10 ? 1 : 0)} seconds`,
		];
		return `${counted(items, 'item')}: ${parts.filter(Boolean).join(', ')}.`;
	}
}

const number = (value: number) => value.toLocaleString('en-US');

const counted = (count: number, what: string) =>
	`${number(count)} ${what}${count === 1 ? '' : 's'}`;

function size(bytes: number): string {
	if (bytes === 0) return '';
	const kilobytes = Math.ceil(bytes / 1000);
	return kilobytes < 1000 ? ` (${kilobytes} kB)` : ` (${(bytes / 1_000_000).toFixed(1)} MB)`;
}
