using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Tallystick.Client;

namespace Tallystick.Node.Api;

/// <summary>Reads requests and writes answers as JSON.</summary>
internal static class Reply
{
    /// <summary>The largest request. A payment is a few hundred bytes.</summary>
    public const long MaxRequestBytes = 1024 * 1024;

    // What comes in one piece, or nearly so, is read where it lies.
    private const long SmallBytes = 4096;

    public static Task SendAsync<T>(HttpContext http, Answer<T> answer, JsonTypeInfo<T> type, int status = 200)
        where T : class
    {
        if (answer.Problem is { } problem)
            return SendAsync(http, problem);
        http.Response.StatusCode = status;
        return WriteAsync(http, JsonSerializer.SerializeToUtf8Bytes(answer.Value!, type), "application/json");
    }

    public static Task SendAsync(HttpContext http, Problem problem)
    {
        http.Response.StatusCode = problem.Status;
        return WriteAsync(
            http,
            JsonSerializer.SerializeToUtf8Bytes(problem, ContractJson.Default.Problem),
            "application/problem+json");
    }

    public static Task SendJsonAsync(HttpContext http, byte[] json)
    {
        http.Response.StatusCode = StatusCodes.Status200OK;
        return WriteAsync(http, json, "application/json");
    }

    public static Task SendFileAsync(HttpContext http, Answer<byte[]> answer)
    {
        if (answer.Problem is { } problem)
            return SendAsync(http, problem);
        http.Response.StatusCode = StatusCodes.Status200OK;
        return WriteAsync(http, answer.Value!, "application/octet-stream");
    }

    public static Task SendAsync(HttpContext http, Answer<Nothing> answer)
    {
        if (answer.Problem is { } problem)
            return SendAsync(http, problem);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    /// <summary>The request's body, or the problem with it.</summary>
    public static async ValueTask<Answer<T>> ReadAsync<T>(HttpContext http, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            var value = http.Request.ContentLength <= SmallBytes
                ? await ReadSmallAsync(http.Request.BodyReader, type)
                : await JsonSerializer.DeserializeAsync(http.Request.Body, type, http.RequestAborted);
            return value is null ? BadBody("it is null") : value;
        }
        catch (JsonException e)
        {
            return BadBody(e.Path is null or "$" ? "it is not that JSON" : $"look at {e.Path}");
        }
        catch (IOException e)
        {
            // It is too large, or whoever sent it went away.
            return e is BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }
                ? Problems.TooLarge
                : BadBody("it is incomplete");
        }
    }

    private static async ValueTask<T?> ReadSmallAsync<T>(PipeReader body, JsonTypeInfo<T> type)
        where T : class
    {
        var read = await body.ReadAsync();
        while (!read.IsCompleted)
        {
            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await body.ReadAsync();
        }
        try
        {
            return Parse(read.Buffer.IsSingleSegment ? read.Buffer.FirstSpan : read.Buffer.ToArray(), type);
        }
        finally
        {
            body.AdvanceTo(read.Buffer.End);
        }
    }

    private static T? Parse<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type)
    {
        var mark = "\uFEFF"u8;
        return JsonSerializer.Deserialize(json.StartsWith(mark) ? json[mark.Length..] : json, type);
    }

    private static Problem BadBody(string why) =>
        Problems.BadInput("bad-body", $"The request's body is not what this path takes: {why}.");

    private static Task WriteAsync(HttpContext http, byte[] bytes, string contentType)
    {
        http.Response.ContentType = contentType;
        http.Response.ContentLength = bytes.Length;
        http.Response.Headers.CacheControl = "no-store";
        // The server ends the write of whoever hangs up; to listen for that would cost each request a token.
        return http.Response.Body.WriteAsync(bytes, 0, bytes.Length);
    }
}
