# The program as an image: one static binary, certificates, an empty folder. No shell, no package, nothing to update but
# the program. `docker build --build-arg REVISION=$(git rev-parse HEAD) -t despensa .`; docker-compose.yml runs it,
# docs/operacion.md says how to run it elsewhere.
FROM golang:1.26.10-bookworm AS taller
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
# The repository is not in here, so the revision is told: `despensa version` and despensa_build_info say it.
ARG REVISION=unknown
# Without C the binary needs no library, so the final image needs no system.
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X despensa/internal/programa.revision=${REVISION}" -o /fuera/despensa . && mkdir /fuera/data

FROM scratch
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Despensa" \
      org.opencontainers.image.description="Takes the orders of a food company, charges them and delivers them" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=taller /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=taller /fuera/despensa /despensa
# What is not on a server is kept here. A new volume takes this folder's owner.
COPY --from=taller --chown=10001:10001 /fuera/data /data
ENV DESPENSA_HTTP_DIRECCION=0.0.0.0:8080 \
    DESPENSA_DATOS=/data
# A number, so that a supervisor can see that it is not root.
USER 10001:10001
VOLUME /data
EXPOSE 8080
# Requests and phases under way are finished first, some 35 s at most: wait 45 s before a kill.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=6s --start-period=60s --retries=3 CMD ["/despensa", "healthcheck"]
ENTRYPOINT ["/despensa"]
CMD ["serve"]
