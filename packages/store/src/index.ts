/** N2O's stores: what outlives a process. */
