// Starts the page: one workspace, one tree of components.
import { mount } from 'svelte';
import App from './App.svelte';
import './base.css';
import './tokens.css';
import { bridgeOfThisWindow } from './lib/bridge';
import { Workspace } from './lib/workspace.svelte';

const target = document.getElementById('app');
if (!target) throw new Error('index.html has no element #app.');
mount(App, { target, props: { workspace: new Workspace(bridgeOfThisWindow()) } });
