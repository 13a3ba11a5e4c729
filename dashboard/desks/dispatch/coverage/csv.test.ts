import { expect, test } from 'vitest';
import { csv } from './csv.ts';

test('begins with a byte order mark, ends lines with CRLF, quotes what must be and leaves numbers alone', () => {
	expect(
		csv(
			['市町村', '人口'],
			[
				['田辺市, 本宮', 12],
				['"谷"', null],
				['上\n下', -3.5],
			],
		),
	).toBe('\uFEFF市町村,人口\r\n"田辺市, 本宮",12\r\n"""谷""",\r\n"上\n下",-3.5\r\n');
});

test.each(['=1+1', '+81', '-x', '@a'])('%s is not taken for a formula', (text) => {
	expect(csv([], [[text]])).toBe(`\uFEFF\r\n'${text}\r\n`);
});
