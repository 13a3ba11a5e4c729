import { useTexts } from '../../../shared/i18n/index.ts';
import type { Trouble } from './use-intake.ts';

/** Why a file or a step was refused, in the chosen language. */
export function TroubleText({ trouble }: { trouble: Trouble }) {
	const { t } = useTexts();
	return (
		<span>
			{trouble.kind === 'other' ? t('intake.refused.other', { detail: trouble.detail }) : t(`intake.refused.${trouble.kind}`)}
		</span>
	);
}
