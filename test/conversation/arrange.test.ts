import fc from 'fast-check';
import { arrange } from '../../nodes/Gemma/conversation/arrange';
import type { Turn } from '../../nodes/Gemma/conversation/turn';
import { turnList } from '../support/turns';

const turn = (role: Turn['role'], text: string): Turn => ({ role, text });

it('a conversation in order stays as it is', () => {
	const turns = [turn('user', 'Hello'), turn('assistant', 'Hi!'), turn('user', 'Who are you?')];
	expect(arrange([turn('system', 'Be brief.'), ...turns])).toEqual({ system: 'Be brief.', turns });
});

it('system messages from anywhere are joined at the front', () => {
	const { system, turns } = arrange([
		turn('system', 'One.'),
		turn('user', 'Hello'),
		turn('system', 'Two.'),
		turn('assistant', 'Hi!'),
		turn('system', 'Three.'),
	]);
	expect(system).toBe('One.\n\nTwo.\n\nThree.');
	expect(turns).toEqual([turn('user', 'Hello'), turn('assistant', 'Hi!')]);
});

it('neighbours of the same role are joined with a blank line, also across a system message', () => {
	const { turns } = arrange([
		turn('user', 'One'),
		turn('system', 'Be brief.'),
		turn('user', 'Two'),
		turn('assistant', 'Three'),
		turn('assistant', 'Four'),
	]);
	expect(turns).toEqual([turn('user', 'One\n\nTwo'), turn('assistant', 'Three\n\nFour')]);
});

it('blank messages are dropped, and those around them meet', () => {
	const { system, turns } = arrange([
		turn('system', ' \n'),
		turn('user', 'One'),
		turn('assistant', '\t'),
		turn('user', ' Two '),
	]);
	expect(system).toBe('');
	expect(turns).toEqual([turn('user', 'One\n\n Two ')]);
});

it('an assistant that nothing precedes gets a user turn in front, and keeps its own text', () => {
	const { turns } = arrange([turn('assistant', 'Hi!'), turn('user', 'Hello')]);
	expect(turns.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
	expect(turns[0].text.trim()).not.toBe('');
	expect(turns.slice(1)).toEqual([turn('assistant', 'Hi!'), turn('user', 'Hello')]);
});

it('nothing gives nothing', () => {
	expect(arrange([])).toEqual({ system: '', turns: [] });
	expect(arrange([turn('user', ' ')])).toEqual({ system: '', turns: [] });
});

it('the messages given are not changed', () => {
	const given = [turn('user', 'One'), turn('user', 'Two')];
	arrange(given);
	expect(given).toEqual([turn('user', 'One'), turn('user', 'Two')]);
});

it('roles alternate, a user begins, nothing is blank, whatever is given', () => {
	fc.assert(
		fc.property(turnList, (given) => {
			const { turns } = arrange(given);
			expect(turns.map(({ role }) => role)).toEqual(
				turns.map((_, i) => (i % 2 === 0 ? 'user' : 'assistant')),
			);
			expect(turns.filter(({ text }) => text.trim() === '')).toEqual([]);
		}),
	);
});

it('no text is lost, doubled or moved', () => {
	fc.assert(
		fc.property(turnList, (given) => {
			const { system, turns } = arrange(given);
			const textsOf = (role: Turn['role']) =>
				given.filter((each) => each.role === role && each.text.trim()).map(({ text }) => text);
			const from = (role: Turn['role']) => turns.filter((each) => each.role === role);
			const joined = (parts: Array<{ text: string }>) => parts.map(({ text }) => text).join('\n\n');
			const first = given.find(({ role, text }) => role !== 'system' && text.trim());
			const users = from('user').slice(first?.role === 'assistant' ? 1 : 0);
			expect(system).toBe(textsOf('system').join('\n\n'));
			expect(joined(users)).toBe(textsOf('user').join('\n\n'));
			expect(joined(from('assistant'))).toBe(textsOf('assistant').join('\n\n'));
		}),
	);
});
