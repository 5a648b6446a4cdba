import { render } from 'preact';
import { registerToolkit } from '../kit';
import '../shell/shell.css';
import '../kit/layers.css';
import { App } from './app';
import './inspector.css';

registerToolkit();
render(<App />, document.getElementById('root')!);
