import type { INodeProperties } from 'n8n-workflow';

export const messagesField: INodeProperties = {
	displayName: 'Messages',
	name: 'messages',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true, sortable: true },
	placeholder: 'Add Message',
	default: { values: [{ content: '', role: 'user' }] },
	description: 'The messages in their order; empty ones are left out',
	options: [
		{
			displayName: 'Message',
			name: 'values',
			values: [
				{
					displayName: 'Prompt',
					name: 'content',
					type: 'string',
					typeOptions: { rows: 2 },
					default: '',
					placeholder: 'e.g. Summarize this e-mail in one sentence',
					description:
						'The text of the message. Left empty, the message of a Chat Trigger (chatInput) is the prompt.',
				},
				{
					displayName: 'Role',
					name: 'role',
					type: 'options',
					default: 'user',
					description: 'Whose message this is',
					options: [
						{
							name: 'Assistant',
							value: 'assistant',
							description: 'An earlier answer of the model, or an example of one',
						},
						{
							name: 'System',
							value: 'system',
							description:
								'How the model should behave; all system messages are joined at the front',
						},
						{
							name: 'User',
							value: 'user',
							description: 'What you ask or tell the model',
						},
					],
				},
			],
		},
	],
};
