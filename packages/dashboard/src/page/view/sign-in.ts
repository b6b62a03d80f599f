import { el, setHidden, setText } from './dom.ts';

/** What the dialog asks of the page. */
export interface SignInInputs {
  /** Resolves with what is wrong with a token, `undefined` when it was taken. */
  readonly signIn: (token: string) => Promise<string | undefined>;
}

/** Asks for a token when the bridge wants one. */
export class SignIn {
  readonly element: HTMLDialogElement;
  readonly #token: HTMLInputElement = el('input', {
    class: 'field',
    attributes: {
      type: 'password',
      id: 'token',
      autocomplete: 'off',
      spellcheck: 'false',
      autocapitalize: 'none',
      required: '',
      'aria-describedby': 'token-problem',
    },
  });
  readonly #problem: HTMLElement = el('p', {
    class: 'sign-in-problem',
    attributes: { id: 'token-problem', role: 'alert' },
  });
  readonly #button: HTMLButtonElement = el('button', {
    class: 'tool',
    text: 'Sign in',
    attributes: { type: 'submit' },
  });

  constructor({ signIn }: SignInInputs) {
    const form = el(
      'form',
      { attributes: { method: 'dialog' } },
      el('h2', { text: 'This bridge asks for a token', attributes: { id: 'sign-in-title' } }),
      el('p', {
        class: 'note',
        text: 'One of those it was started with (liveTokens). It is kept until this tab is closed, and sent to this bridge only.',
      }),
      el('label', { text: 'Token', attributes: { for: 'token' } }),
      el('div', { class: 'sign-in-row' }, this.#token, this.#button),
      this.#problem,
    );
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#submit(signIn);
    });
    setHidden(this.#problem, true);
    this.element = el('dialog', { class: 'dialog sign-in', attributes: { 'aria-labelledby': 'sign-in-title' } }, form);
  }

  /** Opens it; `problem` says why a token that was there does not do. */
  show(problem?: string): void {
    if (!this.element.open) this.element.showModal();
    if (problem !== undefined) this.#say(problem);
    this.#token.focus();
  }

  async #submit(signIn: SignInInputs['signIn']): Promise<void> {
    this.#button.disabled = true;
    const problem = await signIn(this.#token.value);
    this.#button.disabled = false;
    if (problem === undefined) {
      this.#token.value = '';
      setHidden(this.#problem, true);
      this.element.close();
      return;
    }
    this.#say(problem);
    this.#token.select();
  }

  #say(text: string): void {
    setText(this.#problem, text);
    setHidden(this.#problem, false);
  }
}
