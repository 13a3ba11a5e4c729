/** What happened since the plan was published and is not in it: the plan can be mended with one click. */
import { useTexts } from '../../../shared/i18n/index.ts';
import { StateMark } from '../../../shared/ui/state-mark.tsx';
import { useIncidents, type Incident } from './incidents.ts';
import { openTool } from './tool.ts';
import { useNames, type Names } from './use-names.ts';

export function incidentName({ kind, name }: Incident, names: Names): string {
	if (kind === 'vehicle') return names.van(name);
	if (kind === 'doctor') return names.doctor(Number(name));
	return kind === 'visit' ? names.visit(Number(name)) : name;
}

export function PendingNote() {
	const { t } = useTexts();
	const incidents = useIncidents();
	const names = useNames();
	if (incidents.length === 0) return null;
	return (
		<div className="pending" role="status" data-testid="pending">
			<p>
				<StateMark kind="warn" /> {t('day.pending', { count: incidents.length })}
			</p>
			<ul>
				{incidents.map((incident) => (
					<li key={`${incident.kind}${incident.name}`}>
						{t(`day.incident.kind.${incident.kind}`, { name: incidentName(incident, names) })}
					</li>
				))}
			</ul>
			<button type="button" className="strong" onClick={() => openTool('mend')}>
				{t('day.mend.start')}
			</button>
		</div>
	);
}
