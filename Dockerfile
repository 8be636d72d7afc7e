# The command n2o: a broker, a vnode host, or both, by what it is told. How to use it: docs/deployment.md.
ARG NODE=24

FROM node:${NODE}-slim AS build
WORKDIR /build
# All that is downloaded, before the sources: as long as the lockfile stays, so does this layer.
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml .npmrc ./
RUN npm install --global "$(node -p "require('./package.json').packageManager")" && pnpm fetch
COPY tsconfig.json tsconfig.base.json ./
COPY packages packages
COPY scripts scripts
# What pages load is one file each, made of the compiled modules.
RUN pnpm install --frozen-lockfile --offline && pnpm exec tsc -b \
  && node -e "import('./scripts/bundle.mjs').then(({ bundle }) => bundle())"
# The command with what it needs to run, in the versions of the lockfile, and nothing else.
RUN pnpm --filter n2o --prod --offline --config.inject-workspace-packages=true deploy /image

FROM node:${NODE}-slim
ENV NODE_ENV=production
COPY --from=build /image /opt/n2o
# /app: the modules; /var/lib/n2o: the store of a server that has none elsewhere; /run/n2o: secrets.
RUN ln -s /opt/n2o/bin/n2o.js /usr/local/bin/n2o \
  && mkdir -p /app /var/lib/n2o/files /run/n2o \
  && chown node:node /var/lib/n2o /var/lib/n2o/files /run/n2o
USER node
WORKDIR /var/lib/n2o
EXPOSE 1883 8000 8883 8443
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8000/readyz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["n2o"]
CMD ["start", "/app", "--host", "0.0.0.0"]
