/** broker */
export {};
