/** Whom a request is for: found by name, kana or telephone, or added on the spot. */
import type { Patient } from '@junkai/contracts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { ageOn, formatBirth } from '../../../shared/records/dates.ts';
import { SearchSelect } from '../../../shared/records/search-select.tsx';
import { StateMark } from '../../../shared/ui/state-mark.tsx';
import { kanaText, patientName } from './record-words.ts';

interface Props {
	patients: readonly Patient[];
	value: number | null;
	today: string;
	onChange: (id: number | null) => void;
	/** Opens the form of this patient, or of a new one. */
	onOpen: (id: number | null) => void;
}

export function PatientField({ patients, value, today, onChange, onOpen }: Props) {
	const { t, language } = useTexts();
	const chosen = patients.find(({ id }) => id === value);
	return (
		<>
			<SearchSelect
				name="patient"
				label={t('registry.request.patient')}
				required
				placeholder={t('registry.request.patientPlaceholder')}
				options={patients.map((patient) => ({
					value: patient.id,
					text: patientName(patient),
					detail: `${kanaText(patient)} ${t('registry.requests.age', { age: ageOn(patient.birthDate, today) ?? '?' })} ${patient.home.address}`,
					also: `${patient.phone ?? ''} ${patient.name.family}${patient.name.given}`,
				}))}
				value={value}
				onChange={onChange}
			/>
			<div className="patient-card">
				{chosen !== undefined && (
					<p>
						{formatBirth(chosen.birthDate, language)} ({t('registry.requests.age', { age: ageOn(chosen.birthDate, today) ?? '?' })}){' '}
						{t(`registry.sex.${chosen.sex}`)} {chosen.phone ?? ''}
						<br />
						{chosen.home.address}
					</p>
				)}
				<span>
					{chosen !== undefined && (
						<button type="button" className="quiet-button" onClick={() => onOpen(chosen.id)}>
							{t('registry.request.patientEdit')}
						</button>
					)}
					<button type="button" className="quiet-button" onClick={() => onOpen(null)}>
						{t('registry.request.patientNew')}
					</button>
				</span>
			</div>
		</>
	);
}

/** Said where a doctor would join but may not. */
export function ConsentNote({ patient, withDoctor }: { patient: Patient | undefined; withDoctor: boolean }) {
	const { t } = useTexts();
	const given = patient?.consents.some(({ scope, state }) => scope === 'remote-care' && state === 'given') ?? true;
	if (given || !withDoctor) return null;
	return (
		<p className="form-note" data-testid="no-consent">
			<StateMark kind="warn" /> {t('registry.request.noConsent')}
		</p>
	);
}
