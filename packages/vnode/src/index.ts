/** vnode */
export {};
