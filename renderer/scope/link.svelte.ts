// The page's end of the scope's worker: one worker for the life of the page, so that the trace survives a change of view.
import type { LeptonBridge } from '../../main/contract';
import type { FromWorker, Palette, Summary, ToWorker, Words } from './messages';

/** Pause before asking for another data port after the engine closed one. */
const askAgainMs = 500;

export class ScopeLink {
  summary = $state.raw<Summary | null>(null);
  #canvas: HTMLCanvasElement | null = null;
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- the address of a file, not state
  #worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });

  constructor(bridge: LeptonBridge) {
    this.#worker.onmessage = (event: MessageEvent<FromWorker>) => {
      const message = event.data;
      switch (message.type) {
        case 'summary':
          this.summary = message.summary;
          break;
        case 'portClosed':
          setTimeout(() => bridge.requestScopePort(), askAgainMs);
          break;
        default:
          message satisfies never;
      }
    };
    window.addEventListener('message', (event: MessageEvent<{ type?: unknown } | null>) => {
      const [port] = event.ports;
      if (event.source !== window || event.data?.type !== 'scope-port' || !port) return;
      this.#worker.postMessage({ type: 'port' } satisfies ToWorker, [port]);
    });
    bridge.requestScopePort();
  }

  /** Draws on this canvas from now on and follows its size; returns the removal. A canvas can be attached once. */
  attach(canvas: HTMLCanvasElement): () => void {
    const offscreen = canvas.transferControlToOffscreen();
    this.#canvas = canvas;
    this.#worker.postMessage({ type: 'canvas', canvas: offscreen, ...measure(canvas) } satisfies ToWorker, [offscreen]);
    const resize = (): void => this.#send({ type: 'resize', ...measure(canvas) });
    const observer = new ResizeObserver(resize);
    observer.observe(canvas);
    // Moving to a screen with another pixel ratio changes no size in CSS pixels.
    window.addEventListener('resize', resize);
    return () => {
      observer.disconnect();
      window.removeEventListener('resize', resize);
      // The next view's canvas may have taken over already.
      if (this.#canvas === canvas) this.#send({ type: 'detach' });
    };
  }

  show(device: string | null, windowS: number, paused: boolean): void {
    if (this.summary?.device !== device) this.summary = null;
    this.#send({ type: 'show', device, windowS, paused });
  }

  colour(palette: Palette, words: Words, colourNames: string[]): void {
    this.#send({ type: 'palette', palette, words, colourNames });
  }

  point(x: number | null): void {
    this.#send({ type: 'cursor', x });
  }

  #send(message: ToWorker): void {
    this.#worker.postMessage(message);
  }
}

function measure(canvas: HTMLCanvasElement): { width: number; height: number; ratio: number } {
  return { width: canvas.clientWidth, height: canvas.clientHeight, ratio: window.devicePixelRatio };
}
