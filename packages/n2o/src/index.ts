/** n2o */
export {};
