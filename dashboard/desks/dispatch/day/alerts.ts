/** Alerts in the order in which a person should look at them. Pure. */
import type { Alert } from '@junkai/contracts';
import type { MarkKind } from '../../../shared/ui/state-mark.tsx';

const rank: Readonly<Record<Alert['urgency'], number>> = { high: 0, medium: 1, low: 2 };

export const alertMark: Readonly<Record<Alert['urgency'], MarkKind>> = { high: 'bad', medium: 'warn', low: 'off' };

/** Nobody has said yet that he looks after it, and it is not over. */
export const isWaiting = (alert: Alert): boolean => alert.acknowledged === null && alert.over === null;

const order = (a: Alert, b: Alert): number =>
	rank[a.urgency] - rank[b.urgency] || (a.at ?? a.since) - (b.at ?? b.since) || a.id.localeCompare(b.id);

/** What waits for a hand: the most urgent first, then what comes first. */
export const waiting = (alerts: readonly Alert[]): Alert[] => alerts.filter(isWaiting).toSorted(order);

/** What is taken care of but is still so. */
export const inHand = (alerts: readonly Alert[]): Alert[] =>
	alerts.filter(({ acknowledged, over }) => acknowledged !== null && over === null).toSorted(order);

/** What is over, the newest first. One that nobody had looked at is among them: it is not lost. */
export const past = (alerts: readonly Alert[]): Alert[] =>
	alerts.filter(({ over }) => over !== null).toSorted((a, b) => (b.over ?? 0) - (a.over ?? 0));
