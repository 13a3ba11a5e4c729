import { expect, test } from 'vitest';
import { Playout } from './playout.ts';

/** Van clock = local clock + 5 s; blocks of 100 ms that take `delay(n)` ms. Runs frame by frame and calls `each` at every frame. */
function run(
	seconds: number,
	delay: (n: number) => number,
	each: (now: number, head: number, newest: number) => void,
	length = 100,
) {
	const playout = new Playout();
	const sent: { at: number; start: number }[] = [];
	for (let n = 0; n * length < seconds * 1000; n++) sent.push({ at: (n + 1) * length + delay(n), start: n * length });
	sent.sort((a, b) => a.at - b.at);
	let newest = 0;
	for (let now = 0; now < seconds * 1000; now += 1000 / 60) {
		while (sent[0] !== undefined && sent[0].at <= now) {
			const { at, start } = sent.shift()!;
			playout.arrived(at, start + 5000, start + length + 5000);
			newest = Math.max(newest, start + length);
		}
		const moved = playout.advance(now);
		if (moved !== null) each(now, moved.head - 5000, newest);
	}
	return playout;
}

test('an even stream is drawn with one block and the margin of delay, never past what came', () => {
	let last = -Infinity;
	const end = run(
		20,
		() => 40,
		(now, head, newest) => {
			if (now < 1000) return;
			expect(head).toBeGreaterThan(last);
			last = head;
			expect(head).toBeLessThanOrEqual(newest);
			expect(now - head).toBeGreaterThan(150);
			expect(now - head).toBeLessThan(185);
		},
	);
	expect(end.buffered()).toBeGreaterThan(0);
});

test('jitter is waited for: after it was seen once, the sweep does not run dry', () => {
	let dry = 0;
	run(
		30,
		(n) => 20 + (n % 17 === 3 ? 400 : 0),
		(now, head, newest) => {
			if (now > 4000 && head > newest) dry++;
		},
	);
	expect(dry).toBe(0);
});

test('the delay shrinks again when the line is quick, without running backward', () => {
	let last = -Infinity;
	let delayAtEnd = Infinity;
	run(
		60,
		(n) => (n < 100 ? 700 : 20),
		(now, head) => {
			expect(head).toBeGreaterThanOrEqual(last);
			last = head;
			delayAtEnd = now - head;
		},
	);
	expect(delayAtEnd).toBeLessThan(220);
});

test('a block that is far too late does not hold the sweep back', () => {
	let largest = 0;
	run(
		30,
		(n) => (n === 100 ? 8000 : 20),
		(now, head) => {
			if (now > 1000) largest = Math.max(largest, now - head);
		},
	);
	expect(largest).toBeLessThan(250);
});

test('while it learns the delay the sweep is set back rather than left behind', () => {
	let dry = 0;
	const end = run(
		10,
		(n) => 20 + (n === 4 ? 900 : 0),
		(now, head, newest) => {
			if (now > 3500 && head > newest) dry++;
		},
	);
	expect(dry).toBe(0);
	expect(end.settled()).toBe(true);
});

test('when nothing comes any more the sweep goes on, so that the gap is seen', () => {
	const playout = new Playout();
	playout.arrived(100, 0, 100);
	const first = playout.advance(100)!.head;
	let last = first;
	for (let now = 117; now < 5000; now += 17) last = playout.advance(now)!.head;
	expect(last - first).toBeGreaterThan(4000);
});

test('a clock that was set starts anew', () => {
	const playout = new Playout();
	playout.arrived(100, 0, 100);
	playout.advance(110);
	playout.arrived(200, 3_600_000, 3_600_100);
	const moved = playout.advance(210)!;
	expect(moved.jumped).toBe(true);
	expect(Math.abs(moved.head - 3_600_000)).toBeLessThan(300);
});
