import type { IExecuteFunctions } from 'n8n-workflow';

import { choiceValue } from './values';

/** Whether all items make one piece of work; as the first item says. @throws Failure of kind `input`. */
export const takesAll = (context: IExecuteFunctions): boolean =>
	choiceValue('Scope', context.getNodeParameter('scope', 0, 'each'), ['each', 'all']) === 'all';

/** What helps where all items together are too much for one request. */
export const FEWER_ITEMS =
	'Send fewer items to this node, for example with a Loop Over Items node, or set Scope to Each Item.';
