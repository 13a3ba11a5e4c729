import { gzipSync } from 'node:zlib';
import { assert, json, property, uint8Array } from 'fast-check';
import { expect, test } from 'vitest';
import { FleetServerError } from '../errors.ts';
import { event, position } from '../test-support.ts';
import { decodeBatch } from './decode.ts';

const batch = (records: readonly unknown[]) =>
	Buffer.from(JSON.stringify({ v: 1, epoch: crypto.randomUUID(), boot: 'boot-1', historical: false, records }));

test('plain and packed messages are the same', () => {
	const plain = batch([position(1)]);
	expect(decodeBatch(gzipSync(plain))).toEqual(decodeBatch(plain));
	// A message may be a view into a larger buffer.
	const within = Buffer.concat([Buffer.from('before'), plain, Buffer.from('after')]).subarray(6, 6 + plain.length);
	expect(decodeBatch(within)).toEqual(decodeBatch(plain));
});

test('reasons name field and rule, but nothing of what was sent', () => {
	const secret = '山田太郎';
	const faulty = [
		{ ...event(1), detail: { [secret]: { nested: secret } } },
		{ ...event(2), code: secret },
		{ ...position(3), lat: secret, [secret]: secret },
		secret,
	];
	const { refused } = decodeBatch(batch(faulty));
	expect(refused.map(({ seq }) => seq)).toEqual([1, 2, 3, null]);
	expect(refused.map(({ reason }) => reason.split(':')[0])).toEqual(['detail', 'code', 'lat', 'message']);
	expect(JSON.stringify(refused)).not.toContain(secret);
	expect(() => decodeBatch(Buffer.from(`{"name":"${secret}"`))).toThrow(/^not JSON$/);
});

test('whatever comes, it is taken or refused with a reason', () => {
	const tame = (payload: Uint8Array) => {
		try {
			decodeBatch(payload);
		} catch (error) {
			expect(error).toBeInstanceOf(FleetServerError);
			expect(error).toMatchObject({ code: 'batch' });
		}
	};
	assert(property(uint8Array({ maxLength: 300 }), tame));
	assert(property(uint8Array({ maxLength: 300 }), (bytes) => tame(Buffer.concat([Buffer.from([0x1f, 0x8b]), bytes]))));
	assert(property(json(), (text) => tame(Buffer.from(text))));
	assert(property(json(), (text) => tame(batch([JSON.parse(text)]))));
});
