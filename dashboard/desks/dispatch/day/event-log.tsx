import { useEffect, useState } from 'react';
import type { EventRecord } from '@junkai/contracts';
import { api } from '../../../shared/api/rest.ts';
import { formatMoment } from '../../../shared/i18n/format.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { useLive } from '../../../shared/live/live-context.tsx';

const shown = 8;
type Kept = EventRecord & { epoch: string; historical: boolean };

/** Newest first, each record once. */
const merge = (before: readonly Kept[], found: readonly Kept[]): Kept[] =>
	[...new Map([...before, ...found].map((e) => [`${e.epoch}/${e.seq}`, e])).values()]
		.toSorted((a, b) => b.time - a.time)
		.slice(0, shown);

/** What happened on a van in the last hour. A dispatcher never hears of what concerns a patient. */
export function EventLog({ vehicle, now }: { vehicle: string; now: number }) {
	const { t, language } = useTexts();
	const { client } = useLive();
	const [events, setEvents] = useState<readonly Kept[] | null | undefined>();
	useEffect(() => {
		let wanted = true;
		setEvents(undefined);
		api.events(vehicle, { from: client.clock.now() - 3_600_000 }).then(
			(found) =>
				wanted &&
				setEvents((before) =>
					merge(
						before ?? [],
						found.filter((e) => e.class !== 'physiological'),
					),
				),
			() => wanted && setEvents(null),
		);
		const stop = client.listen({
			message(message) {
				if (message.type !== 'event' || message.vehicle !== vehicle || message.record.class === 'physiological') return;
				const { epoch, historical } = message;
				setEvents((before) => merge(before ?? [], [{ ...message.record, epoch, historical }]));
			},
		});
		return () => {
			wanted = false;
			stop();
		};
	}, [client, vehicle]);
	return (
		<>
			<h3>{t('inspector.events')}</h3>
			{events === undefined && <p className="quiet">{t('app.loading')}</p>}
			{events === null && <p className="quiet">{t('inspector.eventsFailed')}</p>}
			{events?.length === 0 && <p className="quiet">{t('inspector.noEvents')}</p>}
			<ol className="events">
				{events?.map((e) => (
					<li key={`${e.epoch}/${e.seq}`}>
						<time>{formatMoment(e.time, now, language)}</time>
						<span>
							{t(`event.${e.code}`)}
							{e.port !== undefined && <small>{e.port}</small>}
						</span>
					</li>
				))}
			</ol>
		</>
	);
}
