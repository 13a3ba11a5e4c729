import { describe, expect, test } from 'vitest';
import { lanes, parseTopic, serverSubscriptions, topics, vehicleId } from './topics.ts';

/** Whether an MQTT filter takes a topic, by the standard's own rules for `+` and `#`. */
function matches(filter: string, topic: string): boolean {
	const levels = topic.split('/');
	const parts = filter.split('/');
	const rest = parts.indexOf('#');
	if (rest >= 0) return parts.slice(0, rest).every((part, i) => part === '+' || part === levels[i]);
	return parts.length === levels.length && parts.every((part, i) => part === '+' || part === levels[i]);
}

const vanTopics = ['birth', 'death', 'status'] as const;

describe('topics', () => {
	test.each([...vanTopics, 'ack', 'command'] as const)('%s is taken apart into what it was made of', (kind) => {
		expect(parseTopic(topics[kind]('van-1'))).toEqual({ vehicle: 'van-1', kind });
	});

	test.each(lanes)('lane %s is taken apart into what it was made of', (lane) => {
		expect(parseTopic(topics.up('van-1', lane))).toEqual({ vehicle: 'van-1', kind: 'up', lane });
	});

	test.each([
		['another root', 'other/v1/van-1/birth'],
		['another version', 'junkai/v2/van-1/birth'],
		['no vehicle', 'junkai/v1//birth'],
		['a wildcard for a vehicle', 'junkai/v1/+/birth'],
		['an upper-case vehicle', 'junkai/v1/Van-1/birth'],
		['no kind', 'junkai/v1/van-1'],
		['an unknown kind', 'junkai/v1/van-1/gossip'],
		['a kind with something behind it', 'junkai/v1/van-1/birth/more'],
		['an uplink without a lane', 'junkai/v1/van-1/up'],
		['an unknown lane', 'junkai/v1/van-1/up/scenic'],
		['a lane with something behind it', 'junkai/v1/van-1/up/urgent/more'],
		['nothing', ''],
	])('is none of ours: %s', (_, topic) => {
		expect(parseTopic(topic)).toBeNull();
	});

	test('a server hears all that a van says, and not its own words', () => {
		const heard = (topic: string) => serverSubscriptions.some((filter) => matches(filter, topic));
		for (const kind of vanTopics) expect(heard(topics[kind]('van-1'))).toBe(true);
		for (const lane of lanes) expect(heard(topics.up('van-1', lane))).toBe(true);
		expect(heard(topics.ack('van-1'))).toBe(false);
		expect(heard(topics.command('van-1'))).toBe(false);
	});

	test("a van's branch holds its own topics and no other van's", () => {
		const mine = topics.branch('van-1');
		expect(matches(mine, topics.up('van-1', 'urgent'))).toBe(true);
		expect(matches(mine, topics.ack('van-1'))).toBe(true);
		expect(matches(mine, topics.ack('van-10'))).toBe(false);
		expect(matches(mine, topics.ack('van-2'))).toBe(false);
	});
});

describe('vehicle ids', () => {
	test.each(['van-1', '1', 'a'.repeat(64), 'kumano_2'])('takes %s', (id) => {
		expect(vehicleId.safeParse(id).success).toBe(true);
	});

	test.each(['', '-van', 'Van', 'van 1', 'van/1', 'van+', '#', '1号車', 'a'.repeat(65)])(
		'refuses %j and says what is allowed',
		(id) => {
			const result = vehicleId.safeParse(id);
			expect(result.success).toBe(false);
			expect(result.error?.issues[0]?.message).toContain('a vehicle id is 1 to 64 of a-z, 0-9, "-" and "_"');
		},
	);
});
