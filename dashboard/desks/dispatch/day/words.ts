/** States of a van in words and shapes, for list and inspector alike. */
import type { TFunction } from 'i18next';
import type { Vehicle } from '@junkai/contracts';
import { formatDuration, type Language } from '../../../shared/i18n/format.ts';
import type { MarkKind } from '../../../shared/ui/state-mark.tsx';
import { lookOf, worst, type Attention, type Urgency } from './attention.ts';

export function attentionText(t: TFunction, item: Attention, now: number, language: Language): string {
	if (item.kind === 'no-fix' && item.since === null) return t('dispatch.attention.no-fix-ever');
	const age = item.since === null ? '' : formatDuration(now - item.since, language);
	return t(`dispatch.attention.${item.kind}`, { age, device: item.device ?? '', count: item.count ?? 0 });
}

export const urgencyMark: Readonly<Record<Urgency, MarkKind>> = { urgent: 'bad', warning: 'warn', notice: 'off' };

export function vanMark(vehicle: Vehicle, items: readonly Attention[]): MarkKind {
	const urgency = worst(items);
	return urgency !== null ? urgencyMark[urgency] : vehicle.link.state === 'online' ? 'good' : 'off';
}

export function vanState(t: TFunction, vehicle: Vehicle, now: number): string {
	if (vehicle.link.state === 'unknown' && vehicle.link.lastSeen === null) return t('link.unknown');
	return t(`look.${lookOf(vehicle, now)}`);
}

export const portMark = { opening: 'wait', open: 'good', silent: 'warn', lost: 'bad' } as const satisfies Record<string, MarkKind>;
