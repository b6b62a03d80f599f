# The bridge, the desk and the small helpers of docker-compose.yml. The version is that of the devDependency `node`.
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
COPY . .
RUN --mount=type=cache,target=/root/.npm npm ci && npm run build && npm prune --omit=dev

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app ./
# A fresh volume takes over the owner of the folder it is mounted on.
RUN install -d -o node -g node /var/lib/nanometer
USER node
CMD ["node", "packages/nanometer/dist/main.js", "--help"]
