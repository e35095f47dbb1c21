import { randomBytes, randomUUID } from 'node:crypto';
import { problem } from './refusal';
import { empty, type Reply } from './reply';

interface Pending {
	reply: Reply;
	/** How many more polls are answered 202. */
	remaining: number;
	/** Hand the reply over through the storage host. */
	redirects: boolean;
	signature: string;
}

/** Chat requests that answered 202; their replies wait here to be polled for. */
export class PendingReplies {
	private readonly replies = new Map<string, Pending>();

	constructor(private readonly storageUrl: () => string) {}

	/** Keeps a reply back: one 202 now and `pend` more at the polls that follow. */
	hold(reply: Reply, pend: number, redirects: boolean): Reply {
		const id = randomUUID();
		const signature = randomBytes(32).toString('hex');
		this.replies.set(id, { reply, remaining: pend, redirects, signature });
		return this.inProgress(id);
	}

	/**
	 * `GET /v2/nvcf/pexec/status/{id}`: 202 while there are polls to go, then the reply, or a 302
	 * to it. A reply is handed out once.
	 *
	 * @throws Refusal 404 for an id that is not pending
	 */
	poll(id: string): Reply {
		const pending = this.replies.get(id);
		if (!pending) throw problem(404, `Request '${id}': Not found`);
		if (pending.remaining > 0) {
			pending.remaining -= 1;
			return this.inProgress(id);
		}
		if (pending.redirects) {
			const location = `${this.storageUrl()}/results/${id}?X-Amz-Signature=${pending.signature}`;
			return empty(302, { 'nvcf-reqid': id, 'nvcf-status': 'fulfilled', location });
		}
		this.replies.delete(id);
		const headers = { ...pending.reply.headers, 'nvcf-reqid': id, 'nvcf-status': 'fulfilled' };
		return { ...pending.reply, headers };
	}

	/** The reply behind a 302's location; `undefined` when the signature is not its own. */
	collect(id: string, signature: string | null): Reply | undefined {
		const pending = this.replies.get(id);
		if (!pending || pending.signature !== signature) return undefined;
		this.replies.delete(id);
		return pending.reply;
	}

	clear(): void {
		this.replies.clear();
	}

	private inProgress(id: string): Reply {
		return empty(202, { 'nvcf-reqid': id, 'nvcf-status': 'in-progress' });
	}
}
