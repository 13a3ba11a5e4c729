/** A time that is expected, with its honest bounds, beside the one that was planned: `13:40 (13:35–13:52) 予定 13:30`. */
import { formatTime } from '../../../shared/i18n/format.ts';
import { useTexts } from '../../../shared/i18n/index.ts';

interface Props {
	eta: number;
	low: number;
	high: number;
	/** Null when there was no plan for it. */
	planned: number | null;
	/** The time itself is shown elsewhere. */
	boundsOnly?: boolean;
}

export function Expected({ eta, low, high, planned, boundsOnly = false }: Props) {
	const { t } = useTexts();
	const [from, to] = [formatTime(low), formatTime(high)];
	return (
		<span className="expected">
			{!boundsOnly && <b>{formatTime(eta)}</b>}
			{from !== to && <span>{t('day.bounds', { from, to })}</span>}
			{planned !== null && formatTime(planned) !== formatTime(eta) && (
				<span>{t('day.planned', { time: formatTime(planned) })}</span>
			)}
		</span>
	);
}
