/** Dates, ages, distances and directions as staff read them. All clock times are those of the fleet's region. */

export type Language = 'ja' | 'en';

/** The fleet works in one place; a doctor abroad must still read the van's time of day. */
export const fleetTimeZone = 'Asia/Tokyo';

const partsOf = (ms: number, language: Language) => {
	const format = new Intl.DateTimeFormat(language === 'ja' ? 'ja-JP' : 'en-GB', {
		timeZone: fleetTimeZone,
		month: language === 'ja' ? 'numeric' : 'short',
		day: 'numeric',
		weekday: 'short',
		hour: '2-digit',
		minute: '2-digit',
		second: '2-digit',
		hourCycle: 'h23',
	});
	return Object.fromEntries(format.formatToParts(ms).map((part) => [part.type, part.value]));
};

/** `11月22日(日)` or `Sun 22 Nov`. */
export function formatDay(ms: number, language: Language): string {
	const p = partsOf(ms, language);
	return language === 'ja' ? `${p['month']}月${p['day']}日(${p['weekday']})` : `${p['weekday']} ${p['day']} ${p['month']}`;
}

/** `11月22日(日) 14:05` or `Sun 22 Nov 14:05`. */
export function formatDateTime(ms: number, language: Language): string {
	return `${formatDay(ms, language)} ${formatTime(ms)}`;
}

const clock = new Intl.DateTimeFormat('en-GB', {
	timeZone: fleetTimeZone,
	hour: '2-digit',
	minute: '2-digit',
	second: '2-digit',
	hourCycle: 'h23',
});

/** `14:05`. */
export const formatTime = (ms: number): string => clock.format(ms).slice(0, 5);

/** `14:05:09`. */
export const formatTimeWithSeconds = (ms: number): string => clock.format(ms);

/** Time of day, with the day in front when it is not the day of `now`. */
export function formatMoment(ms: number, now: number, language: Language): string {
	return formatDay(ms, language) === formatDay(now, language) && Math.abs(now - ms) < 86_400_000
		? formatTime(ms)
		: formatDateTime(ms, language);
}

/** How long, in the two largest units that matter: `34秒`, `12分`, `2時間5分`, `3日4時間`. Negative ages are shown as 0. */
export function formatDuration(ms: number, language: Language): string {
	const seconds = Math.max(0, Math.floor(ms / 1000));
	const unit =
		language === 'ja' ? { s: '秒', m: '分', h: '時間', d: '日', gap: '' } : { s: ' s', m: ' min', h: ' h', d: ' d', gap: ' ' };
	if (seconds < 60) return `${seconds}${unit.s}`;
	const minutes = Math.floor(seconds / 60);
	if (minutes < 60) return `${minutes}${unit.m}`;
	const hours = Math.floor(minutes / 60);
	if (hours < 24) return minutes % 60 === 0 ? `${hours}${unit.h}` : `${hours}${unit.h}${unit.gap}${minutes % 60}${unit.m}`;
	const days = Math.floor(hours / 24);
	return hours % 24 === 0 ? `${days}${unit.d}` : `${days}${unit.d}${unit.gap}${hours % 24}${unit.h}`;
}

/** m/s to whole km/h. */
export const toKilometresPerHour = (metresPerSecond: number): number => Math.round(metresPerSecond * 3.6);

const winds = {
	ja: ['北', '北東', '東', '南東', '南', '南西', '西', '北西'],
	en: ['N', 'NE', 'E', 'SE', 'S', 'SW', 'W', 'NW'],
} as const;

/** Compass word of a course in degrees from true north. */
export function formatHeading(degrees: number, language: Language): string {
	const index = Math.round((((degrees % 360) + 360) % 360) / 45) % 8;
	return winds[language][index] ?? '';
}

/** Whole numbers with thousands separators, the same in both languages. */
export const formatCount = (count: number): string => count.toLocaleString('en-US');

/** Bytes in decimal megabytes or gigabytes. */
export const formatBytes = (bytes: number): string =>
	bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${(bytes / 1_000_000).toFixed(bytes < 10_000_000 ? 1 : 0)} MB`;

/** Metres or kilometres. */
export function formatDistance(metres: number): string {
	return metres < 950 ? `${Math.round(metres / 10) * 10} m` : `${(metres / 1000).toFixed(1)} km`;
}
