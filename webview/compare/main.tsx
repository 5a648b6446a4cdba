import { render } from 'preact';
import { registerToolkit } from '../kit';
import '../shell/shell.css';
import '../kit/layers.css';
import { App } from './app';
import './compare.css';

registerToolkit();
render(<App />, document.getElementById('root')!);
