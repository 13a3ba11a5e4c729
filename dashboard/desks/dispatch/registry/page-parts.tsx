/** What both pages of the records share: states of a list, and leaving a form that is not saved. */
import { useCallback, useMemo, useRef, useState } from 'react';
import { useTexts } from '../../../shared/i18n/index.ts';
import { StateMark } from '../../../shared/ui/state-mark.tsx';

interface Listed {
	phase: 'loading' | 'ready' | 'failed';
	stale: boolean;
	reload: () => void;
}

/** Says that a list is on its way, could not be had, or may be old. */
export function ListState({ lists }: { lists: readonly Listed[] }) {
	const { t } = useTexts();
	const failed = lists.filter(({ phase }) => phase === 'failed');
	const stale = lists.filter((list) => list.stale);
	const again = (
		<button type="button" onClick={() => [...failed, ...stale].forEach((list) => list.reload())}>
			{t('app.retry')}
		</button>
	);
	if (failed.length > 0) {
		return (
			<div className="registry-message" role="alert">
				<p>{t('registry.list.loadFailed')}</p>
				{again}
			</div>
		);
	}
	if (stale.length > 0) {
		return (
			<p className="registry-stale" role="alert">
				<StateMark kind="warn" /> {t('registry.list.stale')} {again}
			</p>
		);
	}
	return lists.some(({ phase }) => phase === 'loading') ? (
		<p className="registry-message quiet" aria-busy="true">
			{t('app.loading')}
		</p>
	) : null;
}

export interface LeaveGuard {
	/** Does it at once, or asks first while there are unsaved changes. */
	go: (step: () => void) => void;
	setDirty: (dirty: boolean) => void;
	/** Of a second form that lies over the first. */
	setDirtyAbove: (dirty: boolean) => void;
	clean: () => void;
	asking: boolean;
	leave: () => void;
	stay: () => void;
}

/** Unsaved changes are not lost by a click beside the form. */
export function useLeaveGuard(): LeaveGuard {
	const dirty = useRef({ below: false, above: false });
	const [step, setStep] = useState<(() => void) | null>(null);
	const go = useCallback((next: () => void) => {
		if (dirty.current.below || dirty.current.above) setStep(() => next);
		else next();
	}, []);
	const setDirty = useCallback((now: boolean) => {
		dirty.current.below = now;
	}, []);
	const setDirtyAbove = useCallback((now: boolean) => {
		dirty.current.above = now;
	}, []);
	return useMemo(
		() => ({
			go,
			setDirty,
			setDirtyAbove,
			clean: () => setDirty(false),
			asking: step !== null,
			leave: () => {
				setDirty(false);
				setDirtyAbove(false);
				setStep(null);
				step?.();
			},
			stay: () => setStep(null),
		}),
		[go, setDirty, setDirtyAbove, step],
	);
}

export function LeaveAsk({ guard }: { guard: LeaveGuard }) {
	const { t } = useTexts();
	if (!guard.asking) return null;
	return (
		<div className="leave-ask" role="alertdialog" aria-label={t('registry.form.leaveAsk')}>
			<p>{t('registry.form.leaveAsk')}</p>
			<button type="button" autoFocus onClick={guard.stay}>
				{t('registry.form.stay')}
			</button>
			<button type="button" className="danger" onClick={guard.leave}>
				{t('registry.form.discard')}
			</button>
		</div>
	);
}
