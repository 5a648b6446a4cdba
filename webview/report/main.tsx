import { render } from 'preact';
import { registerToolkit } from '../kit';
import '../shell/shell.css';
import { App } from './app';
import './report.css';

registerToolkit();
render(<App />, document.getElementById('root')!);
