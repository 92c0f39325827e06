export interface Power {
  /** Is the system about to sleep or to shut down? Then no exchange begins. It ends by itself when the system stays awake. */
  leaving(): boolean;
  /**
   * Asks the system to put off both. Resolves when it waits, or cannot be asked, within about 1 s; never rejects.
   * @returns the end of it, which never throws; further calls change nothing.
   */
  hold(): Promise<() => void>;
}
