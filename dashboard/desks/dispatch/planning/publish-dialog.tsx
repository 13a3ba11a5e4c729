/** Before a plan goes out to vans and doctors: which days, what changes, and a note. */
import { useEffect, useState } from 'react';
import type { PlanBoard, Publication } from '@junkai/contracts';
import { Link, navigate } from '../../../app/router.tsx';
import { planningApi } from '../../../shared/api/planning.ts';
import { ApiError } from '../../../shared/api/rest.ts';
import { formatDateTime } from '../../../shared/i18n/format.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { Modal } from '../frame/modal.tsx';
import { addressOfComparison, addressOfList } from './addresses.ts';
import { changedVehicles, ComparisonList } from './comparison-list.tsx';
import { byAt, dayWords, lastDay } from './days.ts';
import { useComparison } from './use-comparison.ts';
import { usePlanNames } from './use-names.ts';

type Trouble =
	| { kind: 'published'; publication: Publication }
	| { kind: 'board' }
	| { kind: 'offline' }
	| { kind: 'refused'; detail: string }
	| { kind: 'failed' };

const noDoctors: [] = [];

export function PublishDialog({ board, onClose }: { board: PlanBoard; onClose: () => void }) {
	const { t, language } = useTexts();
	/** Newest publication that was seen; undefined until it is known. */
	const [seen, setSeen] = useState<Publication | null | undefined>();
	const [note, setNote] = useState('');
	const [busy, setBusy] = useState(false);
	const [trouble, setTrouble] = useState<Trouble | null>(null);
	const names = usePlanNames(
		{ from: board.options.from, until: lastDay(board.options) },
		board.days[0]?.draft.doctors ?? noDoctors,
	);
	const { phase, comparison } = useComparison(board.id, 'published', `${board.version} ${seen?.revision}`);
	useEffect(() => {
		let wanted = true;
		planningApi.publications().then(
			(list) => wanted && setSeen(list[0] ?? null),
			() => wanted && setTrouble({ kind: 'offline' }),
		);
		return () => {
			wanted = false;
		};
	}, []);
	const publish = async () => {
		if (seen === undefined) return;
		setBusy(true);
		setTrouble(null);
		try {
			await planningApi.publish(board.id, board.version, seen?.revision ?? null, note.trim());
			onClose();
			navigate(`${addressOfList}?tab=publications`);
		} catch (error) {
			setTrouble(await troubleOf(error, seen, setSeen));
			setBusy(false);
		}
	};
	const vans = comparison === null ? [] : changedVehicles(comparison);
	const unassigned = board.days.reduce((sum, { draft }) => sum + draft.unassigned.length, 0);
	return (
		<Modal title={t('planning.publish.title')} className="publish" onClose={onClose}>
			<dl className="facts">
				<dt>{t('planning.publish.days')}</dt>
				<dd>{board.days.map(({ date }) => dayWords(date, language)).join(t('timeline.comma'))}</dd>
				<dt>{t('planning.publish.changes')}</dt>
				<dd>
					{phase === 'loading' && t('planning.compare.loading')}
					{phase === 'failed' && t('planning.compare.failed')}
					{comparison !== null &&
						(vans.length === 0
							? t('planning.publish.noVans')
							: t('planning.publish.vans', { count: vans.length, list: vans.map(names.vehicle).join(t('timeline.comma')) }))}
				</dd>
				<dt>{t('planning.compare.published')}</dt>
				<dd>
					{seen === undefined
						? '–'
						: seen === null
							? t('planning.publish.noBase')
							: t('planning.publish.base', {
									revision: seen.revision,
									by: seen.by,
									time: formatDateTime(seen.published, language),
								})}
				</dd>
			</dl>
			{unassigned > 0 && <p className="plan-notice plan-notice-warn">{t('planning.publish.unassigned', { count: unassigned })}</p>}
			{comparison !== null && comparison.changes.length > 0 && (
				<div className="publish-changes">
					<ComparisonList comparison={comparison} names={names} selected={null} onSelect={() => undefined} />
				</div>
			)}
			<label className="option">
				<span>{t('planning.publish.note')}</span>
				<input type="text" maxLength={500} value={note} onChange={(event) => setNote(event.target.value)} />
			</label>
			{trouble !== null && <TroubleText trouble={trouble} board={board} />}
			<div className="drawer-buttons">
				<button type="button" className="primary" disabled={busy || seen === undefined} onClick={() => void publish()}>
					{t(busy ? 'planning.publish.going' : trouble?.kind === 'published' ? 'planning.publish.again' : 'planning.publish.go')}
				</button>
				<button type="button" onClick={onClose}>
					{t('planning.publish.cancel')}
				</button>
			</div>
		</Modal>
	);
}

/** A conflict is looked into: was another plan published, or this one changed? */
async function troubleOf(
	cause: unknown,
	seen: Publication | null | undefined,
	setSeen: (publication: Publication | null) => void,
): Promise<Trouble> {
	if (!(cause instanceof ApiError)) return { kind: 'failed' };
	if (cause.code === 'offline') return { kind: 'offline' };
	if (cause.status === 409) {
		const [newest] = await planningApi.publications().catch((): Publication[] => []);
		if (newest !== undefined && newest.revision !== seen?.revision) {
			setSeen(newest);
			return { kind: 'published', publication: newest };
		}
		return { kind: 'board' };
	}
	const detail = cause.problem?.detail;
	return cause.status === 422 && detail !== undefined ? { kind: 'refused', detail } : { kind: 'failed' };
}

function TroubleText({ trouble, board }: { trouble: Trouble; board: PlanBoard }) {
	const { t, language } = useTexts();
	return (
		<div className="plan-notice plan-notice-bad" role="alert" data-trouble={trouble.kind}>
			{trouble.kind === 'published' && (
				<div>
					<p>
						{t('planning.publish.conflict', {
							name: trouble.publication.by,
							time: formatDateTime(trouble.publication.published, language),
							revision: trouble.publication.revision,
						})}
					</p>
					<Link to={addressOfComparison(board.id, 'published')}>
						{t('planning.publish.showDifference', { revision: trouble.publication.revision })}
					</Link>
				</div>
			)}
			{trouble.kind === 'board' && `${t('planning.publish.conflictBoard')} (${byAt(board.updatedBy, board.updated, t, language)})`}
			{trouble.kind === 'offline' && t('planning.publish.offline')}
			{trouble.kind === 'refused' && t('planning.publish.refused', { detail: trouble.detail })}
			{trouble.kind === 'failed' && t('planning.publish.failed')}
		</div>
	);
}
