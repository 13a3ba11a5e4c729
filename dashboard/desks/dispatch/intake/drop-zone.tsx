/** Where a file is chosen or dropped, and templates are had. */
import { useRef, useState } from 'react';
import { templateFormats } from '@junkai/contracts';
import { intakeApi } from '../../../shared/api/intake.ts';
import { useTexts } from '../../../shared/i18n/index.ts';
import { StateMark } from '../../../shared/ui/state-mark.tsx';
import { TroubleText } from './trouble.tsx';
import type { Trouble } from './use-intake.ts';

export function DropZone({ trouble, onFile }: { trouble: Trouble | null; onFile: (file: File) => void }) {
	const { t } = useTexts();
	const input = useRef<HTMLInputElement>(null);
	const [over, setOver] = useState(false);
	return (
		<div className="intake-start">
			<h1>{t('intake.title')}</h1>
			<p>{t('intake.lead')}</p>
			<div
				className={over ? 'drop-zone over' : 'drop-zone'}
				onDragOver={(event) => {
					event.preventDefault();
					setOver(true);
				}}
				onDragLeave={() => setOver(false)}
				onDrop={(event) => {
					event.preventDefault();
					setOver(false);
					const [file] = event.dataTransfer.files;
					if (file !== undefined) onFile(file);
				}}
			>
				<button type="button" className="primary" onClick={() => input.current?.click()}>
					{t('intake.choose')}
				</button>
				<input
					ref={input}
					type="file"
					className="visually-hidden"
					tabIndex={-1}
					aria-label={t('intake.choose')}
					accept=".csv,.tsv,.txt,.xlsx,.xls,text/csv"
					onChange={(event) => {
						const [file] = event.target.files ?? [];
						event.target.value = '';
						if (file !== undefined) onFile(file);
					}}
				/>
				<span className="quiet">{t('intake.drop')}</span>
				<small>{t('intake.accepts')}</small>
			</div>
			{trouble !== null && (
				<p className="intake-trouble" role="alert">
					<StateMark kind="bad" /> <TroubleText trouble={trouble} />
				</p>
			)}
			<section className="intake-templates">
				<h2>{t('intake.templates')}</h2>
				<ul>
					{templateFormats.map((format) => (
						<li key={format}>
							<a className="button" href={intakeApi.templateAddress(format)} download>
								{t(`intake.template.${format}`)}
							</a>
						</li>
					))}
				</ul>
			</section>
		</div>
	);
}
