import { useTexts } from '../../../shared/i18n/index.ts';
import { Modal } from './modal.tsx';

const keys = [
	[['Ctrl', 'K'], 'find'],
	[['/'], 'find'],
	[['a'], 'acknowledge'],
	[['j'], 'nextAlert'],
	[['k'], 'lastAlert'],
	[['m'], 'mend'],
	[['i'], 'incident'],
	[['c'], 'closures'],
	[['t'], 'timeline'],
	[['0'], 'all'],
	[['Esc'], 'close'],
	[['?'], 'help'],
] as const;

/** Which key does what. */
export function ShortcutHelp({ onClose }: { onClose: () => void }) {
	const { t } = useTexts();
	return (
		<Modal title={t('shell.help.title')} className="shortcut-help" onClose={onClose}>
			<dl>
				{keys.map(([combination, what]) => (
					<div key={combination.join()}>
						<dt>
							{combination.map((key) => (
								<kbd key={key}>{key}</kbd>
							))}
						</dt>
						<dd>{t(`shell.help.${what}`)}</dd>
					</div>
				))}
			</dl>
			<button type="button" onClick={(event) => event.currentTarget.closest('dialog')?.close()}>
				{t('app.close')}
			</button>
		</Modal>
	);
}
