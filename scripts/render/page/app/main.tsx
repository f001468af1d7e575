/** The page's beginning: opens the report and shows it. */
import { render } from 'preact';
import type { Report } from '../data/report.ts';
import { Page } from './Page.tsx';
import { piece } from './stored.ts';

const root = document.querySelector('#page');
if (root === null) throw new Error('the document has no place for the page');
void piece<Report>('report')().then((report) => render(<Page report={report} />, root));
