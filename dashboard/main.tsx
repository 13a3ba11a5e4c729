import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { ErrorBoundary } from './app/error-boundary.tsx';
import { startI18n } from './shared/i18n/index.ts';
import { applyTheme } from './shared/ui/theme.ts';
import './shared/ui/fonts.css';
import './shared/ui/base.css';
import './app/app.css';

applyTheme();
await startI18n();
const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
	<StrictMode>
		<ErrorBoundary>
			<App />
		</ErrorBoundary>
	</StrictMode>,
);
