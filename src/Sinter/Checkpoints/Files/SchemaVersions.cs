namespace Sinter.Checkpoints.Files;

/// <summary>The rule for <c>schema_version</c> in files: any version up to one's own is read.</summary>
internal static class SchemaVersions
{
    /// <summary>Refuses a file of a later version.</summary>
    public static void Check(JsonFields fields, int newest)
    {
        int version = fields.Count("schema_version");
        if (version > newest)
            throw fields.Wrong("schema_version", $"it is {version}, and this version of Sinter knows {newest}. Use a newer Sinter.");
    }
}
