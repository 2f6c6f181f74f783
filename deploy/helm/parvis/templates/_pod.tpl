{{- /* What every process has: who it is, what it reads, where it writes. */}}
{{- define "parvis.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: {type: RuntimeDefault}
{{- with .Values.image.pullSecrets }}
imagePullSecrets: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{ toYaml . | nindent 2 }}
{{- end }}
{{- if not .Values.territory.claim }}
initContainers:
  - name: towns
    image: {{ include "parvis.image" . }}
    imagePullPolicy: {{ .Values.image.pullPolicy }}
    command: [python, -c, "import tarfile; tarfile.open('/territory/territory.tar').extractall('/etc/parvis/territory', filter='data')"]
    resources: {requests: {cpu: 50m, memory: 32Mi}, limits: {memory: 128Mi}}
    securityContext: {{ include "parvis.locked" . | nindent 6 }}
    volumeMounts:
      - {name: territory-archive, mountPath: /territory, readOnly: true}
      - {name: territory, mountPath: /etc/parvis/territory}
{{- end }}
volumes:
  - name: settings
    configMap: {name: {{ include "parvis.name" . }}}
  {{- if .Values.territory.claim }}
  - name: territory
    persistentVolumeClaim: {claimName: {{ .Values.territory.claim }}, readOnly: true}
  {{- else }}
  - name: territory-archive
    configMap: {name: {{ .Values.territory.configMap }}}
  - name: territory
    emptyDir: {sizeLimit: 256Mi}
  {{- end }}
  - name: secrets
    secret: {secretName: {{ .Values.secrets.name }}, defaultMode: 0440}
  - name: scratch
    emptyDir: {sizeLimit: 1Gi}
  - name: data
    {{- if .Values.data.claim }}
    persistentVolumeClaim: {claimName: {{ .Values.data.claim }}}
    {{- else if .Values.environment.PARVIS_FILES_STORE }}
    emptyDir: {sizeLimit: 1Gi}
    {{- else }}
    {{- fail "received files would be lost: name a volume in data.claim, or an object store in environment.PARVIS_FILES_STORE" }}
    {{- end }}
{{- end }}

{{- define "parvis.locked" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{- define "parvis.container" -}}
image: {{ include "parvis.image" . }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext: {{ include "parvis.locked" . | nindent 2 }}
env:
  {{- range $name, $key := .Values.secrets.keys }}
  - {name: {{ $name }}, value: /run/secrets/parvis/{{ $key }}}
  {{- end }}
  {{- range $name, $value := .Values.environment }}
  - {name: {{ $name }}, value: {{ $value | quote }}}
  {{- end }}
  - {name: PARVIS_DRAIN, value: {{ .Values.web.drain | quote }}}
  - {name: PARVIS_GRACE, value: {{ .Values.web.grace | quote }}}
volumeMounts:
  - {name: settings, mountPath: /etc/parvis/parvis.toml, subPath: parvis.toml, readOnly: true}
  - {name: territory, mountPath: /etc/parvis/territory, readOnly: true}
  - {name: secrets, mountPath: /run/secrets/parvis, readOnly: true}
  - {name: data, mountPath: /var/lib/parvis}
  - {name: scratch, mountPath: /tmp}
{{- end }}
