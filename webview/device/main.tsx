import { render } from 'preact';
import { registerToolkit } from '../kit';
import '../shell/shell.css';
import '../shell/bar.css';
import { App } from './app';
import './device.css';

registerToolkit();
render(<App />, document.getElementById('root')!);
