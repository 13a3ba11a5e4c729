/**
 * Draws one trace as a sweep: the pen goes from left to right at true scale, an empty bar runs ahead of it, and what the pen drew
 * on its last way stays until the bar comes. Only the columns that changed are drawn again, so many traces fit into a frame.
 */
import { GAP_SAMPLE } from '@junkai/contracts';
import { LATE, MISSING, type TraceStream } from './trace-stream.ts';
import type { Lane } from './trace-store.ts';

/** CSS says that 96 px are an inch: true on a calibrated screen only, but the scale between time and height always is. */
export const pixelsPerMillimetre = 96 / 25.4;
const eraseBar = 14;
const hatchStep = 7;
/** Room for the name above and the ticks below, px. */
const marginTop = 26;
const marginBottom = 12;

export interface SweepLook {
	/** Colour of the line. */
	color: string;
	/** Colour of the line where samples came late, and of the band behind it. */
	late: string;
	lateBand: string;
	quiet: string;
	/** mm of screen for a second. */
	speed: number;
}

/** Counts at the lower and the upper edge of the trace. */
interface Scale {
	low: number;
	high: number;
}

export class SweepPainter {
	readonly lane: Lane;
	private readonly canvas: HTMLCanvasElement;
	private readonly context: CanvasRenderingContext2D;
	private readonly channel: string;
	private look: SweepLook;
	private width = 0;
	private height = 0;
	private scale: Scale | null = null;
	private drawnTo: number | null = null;
	private rescaledAt = -Infinity;

	constructor(canvas: HTMLCanvasElement, lane: Lane, channel: string, look: SweepLook) {
		const context = canvas.getContext('2d', { desynchronized: false });
		if (context === null) throw new Error('this browser has no canvas');
		this.canvas = canvas;
		this.context = context;
		this.lane = lane;
		this.channel = channel;
		this.look = look;
	}

	setLook(look: SweepLook): void {
		this.look = look;
		this.drawnTo = null;
	}

	/** @param width,height CSS pixels. */
	resize(width: number, height: number): void {
		const ratio = window.devicePixelRatio;
		this.width = Math.max(1, Math.floor(width));
		this.height = Math.max(1, Math.floor(height));
		this.canvas.width = Math.round(this.width * ratio);
		this.canvas.height = Math.round(this.height * ratio);
		this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
		this.drawnTo = null;
	}

	private get pixelsPerSecond(): number {
		return this.look.speed * pixelsPerMillimetre;
	}
	/** ms that the whole width shows. */
	get span(): number {
		return (this.width / this.pixelsPerSecond) * 1000;
	}

	/** Has the whole sweep drawn at the next frame. */
	redraw(): void {
		this.drawnTo = null;
	}

	/** Draws again what came late, where it is still on the screen. */
	repair(from: number, to: number): void {
		if (this.drawnTo === null) return;
		const oldest = this.drawnTo - this.span + (eraseBar / this.pixelsPerSecond) * 1000;
		const margin = 2000 / this.pixelsPerSecond;
		const first = Math.max(from - margin, oldest);
		const last = Math.min(to + margin, this.drawnTo);
		if (last > first) this.drawSpan(first, last);
	}

	/** Brings the sweep to `head`, van time in ms. */
	frame(head: number, jumped: boolean): void {
		if (this.width === 0) return;
		this.rescale(head);
		const whole = this.drawnTo === null || jumped || head - this.drawnTo > this.span;
		if (whole) {
			this.context.clearRect(0, 0, this.width, this.height);
			this.drawSpan(head - this.span + (eraseBar / this.pixelsPerSecond) * 1000, head);
		} else if (this.drawnTo !== null && head > this.drawnTo) this.drawSpan(this.drawnTo, head);
		this.drawnTo = head;
		this.erase(head);
	}

	/** Distance along an endless paper. */
	private distanceOf(time: number): number {
		return (time / 1000) * this.pixelsPerSecond;
	}

	private erase(head: number): void {
		const { context, width, height } = this;
		const x = this.distanceOf(head) % width;
		context.clearRect(x, 0, Math.min(eraseBar, width - x), height);
		if (x + eraseBar > width) context.clearRect(0, 0, x + eraseBar - width, height);
	}

	private drawSpan(from: number, to: number): void {
		const { width } = this;
		const first = this.distanceOf(from);
		const last = this.distanceOf(to);
		for (let lap = Math.floor(first / width); lap * width < last; lap++) {
			const start = Math.max(first, lap * width);
			const end = Math.min(last, (lap + 1) * width);
			if (end > start) this.drawColumns(Math.floor(start - lap * width), Math.ceil(end - lap * width), lap * width, to);
		}
	}

	/** @param origin Distance of the left edge on this lap. */
	private drawColumns(left: number, right: number, origin: number, until: number): void {
		const { context, height } = this;
		context.save();
		context.beginPath();
		context.rect(left, 0, right - left, height);
		context.clip();
		context.clearRect(left, 0, right - left, height);
		const from = ((origin + left) / this.pixelsPerSecond) * 1000;
		const to = Math.min(((origin + right) / this.pixelsPerSecond) * 1000, until);
		this.drawTicks(from, to, origin);
		if (this.scale !== null) {
			this.drawMissing(from, to, origin);
			for (const stream of this.lane.streams) this.drawStream(stream, this.scale, from, to, origin);
		}
		context.restore();
	}

	/** A tick for each second of the van's time. */
	private drawTicks(from: number, to: number, origin: number): void {
		const { context, height } = this;
		context.fillStyle = this.look.quiet;
		for (let second = Math.ceil(from / 1000 - 0.02); second * 1000 <= to + 20; second++) {
			context.fillRect(Math.round(this.distanceOf(second * 1000) - origin), height - (second % 5 === 0 ? 8 : 4), 1, 8);
		}
	}

	/** Hatches the stretches of the lane for which nothing has come. */
	private drawMissing(from: number, to: number, origin: number): void {
		const begin = this.lane.streams[0]?.timeOf(this.lane.streams[0].start) ?? Infinity;
		let hole = Math.max(from, begin);
		const holes: [number, number][] = [];
		for (const stream of this.lane.streams) {
			const step = 1000 / stream.shape.rate;
			const end = Math.min(stream.end, stream.indexAt(to) + 1);
			for (let i = Math.max(stream.start, stream.indexAt(from) - 1); i < end; i++) {
				if (stream.stateAt(i) === MISSING) continue;
				const time = stream.timeOf(i);
				if (time - hole > step * 1.5) holes.push([hole, time - step / 2]);
				hole = Math.max(hole, time + step);
			}
		}
		if (to - hole > 60) holes.push([hole, to]);
		for (const [a, b] of holes) this.hatch(this.distanceOf(a) - origin, this.distanceOf(b) - origin);
	}

	private hatch(left: number, right: number): void {
		const { context, height } = this;
		context.save();
		context.beginPath();
		context.rect(left, 0, right - left, height);
		context.clip();
		context.strokeStyle = this.look.quiet;
		context.lineWidth = 1;
		context.beginPath();
		// Lines start on a fixed raster, so that neighbouring columns fit together.
		for (let x = Math.floor((left - height) / hatchStep) * hatchStep; x < right; x += hatchStep) {
			context.moveTo(x, height);
			context.lineTo(x + height, 0);
		}
		context.stroke();
		context.restore();
	}

	private drawStream(stream: TraceStream, scale: Scale, from: number, to: number, origin: number): void {
		const { context, look } = this;
		const channel = stream.shape.channels.indexOf(this.channel);
		if (channel < 0) return;
		const first = Math.max(stream.start, stream.indexAt(from) - 2);
		const last = Math.min(stream.end, stream.indexAt(to) + 2);
		this.lateBands(stream, first, last, origin);
		context.lineWidth = 1.7;
		context.lineJoin = 'round';
		for (const late of [false, true]) {
			context.strokeStyle = late ? look.late : look.color;
			context.beginPath();
			let pen = false;
			for (let i = first; i < last; i++) {
				const value = stream.valueAt(channel, i);
				const mine = value !== GAP_SAMPLE && (stream.stateAt(i) === LATE) === late;
				if (value === GAP_SAMPLE) pen = false;
				else {
					const x = this.distanceOf(stream.timeOf(i)) - origin;
					const y = this.yOf(value, scale);
					// The stroke to the first sample of the other kind belongs to the kind that it comes from.
					if (pen) context.lineTo(x, y);
					else if (mine) context.moveTo(x, y);
					pen = mine;
				}
			}
			context.stroke();
		}
	}

	private lateBands(stream: TraceStream, first: number, last: number, origin: number): void {
		const { context, height } = this;
		context.fillStyle = this.look.lateBand;
		let open = -1;
		for (let i = first; i <= last; i++) {
			const late = i < last && stream.stateAt(i) === LATE;
			if (late && open < 0) open = i;
			else if (!late && open >= 0) {
				const x = this.distanceOf(stream.timeOf(open)) - origin;
				context.fillRect(x, 0, this.distanceOf(stream.timeOf(i)) - origin - x, height);
				open = -1;
			}
		}
	}

	private yOf(value: number, { low, high }: Scale): number {
		return marginTop + (1 - (value - low) / (high - low)) * (this.height - marginTop - marginBottom);
	}

	/** Millivolts have a fixed scale of 10 mm/mV; what has no calibration is fitted to the height, slowly. */
	private rescale(head: number): void {
		const stream = this.lane.streams.at(-1);
		if (stream === undefined || Math.abs(head - this.rescaledAt) < 500) return;
		this.rescaledAt = head;
		const { unit, perCount, range } = stream.shape;
		if (unit === 'mV' && perCount !== undefined) {
			const half = (this.height - marginTop - marginBottom) / 2 / pixelsPerMillimetre / 10 / perCount;
			this.setScale({ low: -half, high: half });
			return;
		}
		const channel = stream.shape.channels.indexOf(this.channel);
		const seen = stream.extent(channel, stream.indexAt(head - Math.min(this.span, 8000)), stream.indexAt(head) + 1);
		if (seen === null) return;
		// A flat line must look flat: noise of a few counts is not blown up to the full height.
		const least = range === undefined ? 8 : Math.max(8, (range[1] - range[0]) * 0.04);
		const middle = (seen[0] + seen[1]) / 2;
		const half = Math.max(seen[1] - seen[0], least) * 0.56;
		const wanted = { low: middle - half, high: middle + half };
		const now = this.scale;
		const fits =
			now !== null && seen[0] >= now.low && seen[1] <= now.high && wanted.high - wanted.low > (now.high - now.low) * 0.55;
		if (!fits) this.setScale(wanted);
	}

	private setScale(scale: Scale): void {
		if (this.scale?.low === scale.low && this.scale.high === scale.high) return;
		this.scale = scale;
		this.drawnTo = null;
	}
}
