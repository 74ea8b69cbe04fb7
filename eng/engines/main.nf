// A study divided by Nextflow: nextflow run main.nf --file study.yaml --shards 8 -resume
// One store for all of them, on a disk that they share; what is finished there is not computed again.
params.file = 'study.yaml'
params.shards = 8
params.store = "${launchDir}/.merbench"
params.results = "${launchDir}/merbench-results"

process plan {
    input:
    val study

    output:
    path 'plan'

    script:
    """
    dotnet merbench plan ${study} -o plan --shards ${params.shards} --cache ${params.store}
    """
}

process shard {
    tag "${k}/${params.shards}"
    // 3: the file is wrong, 4: the environment is; a machine that was lost is worth another one.
    errorStrategy { task.exitStatus in [3, 4] ? 'finish' : 'retry' }
    maxRetries 3

    input:
    val study
    path plan
    each k

    output:
    val k

    // 1: a cell failed, which the merge tells.
    script:
    """
    dotnet merbench run ${study} --plan ${plan} --shard ${k}/${params.shards} --cache ${params.store} -q || [ \$? -eq 1 ]
    """
}

process merge {
    input:
    val study
    path plan
    val finished

    script:
    """
    dotnet merbench merge ${study} --plan ${plan} --cache ${params.store} -o ${params.results}
    """
}

workflow {
    study = file(params.file, checkIfExists: true).toAbsolutePath().toString()
    made = plan(study)
    finished = shard(study, made, 1..params.shards)
    merge(study, made, finished.collect())
}
